import TestSupport
import Testing

/// One way to make a ZIP archive mean two things, and the nearest archive that means one.
struct ZipFault: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// The member that the refusal names; nil where it is the archive as a whole.
    let member: String?
    /// A part of the reason.
    let reason: String
    let attack: ZipBuilder
    let twin: ZipBuilder

    init(
        _ description: String, member: String? = "a.txt", says reason: String, _ attack: ZipBuilder,
        twin: ZipBuilder
    ) {
        testDescription = description
        self.member = member
        self.reason = reason
        self.attack = attack
        self.twin = twin
    }
}

/// The archive that the faults are made of, and its edits.
extension ZipFault {
    static let a = ZipMember("a.txt", "alpha alpha alpha")
    static let b = ZipMember("b.txt", "beta", deflated: false)
    static func zip(_ members: ZipMember..., change: (inout ZipBuilder) -> Void = { _ in }) -> ZipBuilder {
        ZipBuilder(members, change)
    }
    typealias Edit = @Sendable (inout ZipMember.Header) -> Void
    static func local(_ edit: @escaping Edit) -> ZipBuilder { zip(a.with { $0.editLocal = edit }, b) }
    static func listed(_ edit: @escaping Edit) -> ZipBuilder { zip(a.with { $0.editDirectory = edit }, b) }
    static func both(_ edit: @escaping Edit) -> ZipBuilder { zip(a.editingBoth(edit), b) }
    static let plain = zip(a, b)
}
