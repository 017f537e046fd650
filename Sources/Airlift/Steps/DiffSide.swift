import Audit
import Install

/// One side of a diff: what it says, who signed it, and where its files are read.
struct DiffSide {
    let set: PackageSet
    private let input: AuditInput

    init(_ input: AuditInput, platform: String?, _ judge: SignatureJudge) throws {
        self.input = input
        var set = try input.subject.packageSet(platform: platform)
        set.signers = Self.signers(input, judge)
        set.signersNeeded = judge.policy?.threshold ?? 1
        if let signers = set.signers {
            set.facts[.signers] = signers.isEmpty ? "none" : signers.joined(separator: ", ")
        }
        self.set = set
    }

    /// Fingerprints of the keys whose signatures are correct or, where somebody was named, count. Of an environment on
    /// disk the signatures are gone; its record has those that counted when it was installed, where anybody's did.
    private static func signers(_ input: AuditInput, _ judge: SignatureJudge) -> [String]? {
        guard let bundle = input.bundle else {
            return input.prefix?.record.signers?.map(\.fingerprint).sorted()
        }
        let counted = judge.summaries(bundle).filter { $0.trusted ?? $0.correct }
        return Set(counted.compactMap(\.fingerprint)).sorted()
    }

    func files() throws -> FileSource {
        if let bundle = input.bundle { return .bundle(bundle) }
        if let prefix = input.prefix { return .prefix(try InstalledFiles(prefix), prefix.manifest) }
        return .none(reason: "'\(input.path)' does not carry the archives")
    }
}
