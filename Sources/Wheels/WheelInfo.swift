import Failures

/// What a WHEEL file says (binary distribution format, version 1).
public struct WheelInfo: Hashable, Sendable {
    /// As written, `1.0`; a higher minor number is accepted, as the format asks for.
    public let wheelVersion: String
    /// Whether the root of the archive goes to purelib; otherwise to platlib.
    public let rootIsPurelib: Bool
    public let tags: [WheelTag]
    public let build: String?
    public let generator: String?

    /// - Throws: every fault of the file at once; a Wheel-Version of another major number is one.
    public init(_ bytes: [UInt8]) throws(FailureList) {
        let headers = HeaderFields(bytes)
        var faults: [WheelError] = []
        func fault(_ reason: String) { faults.append(WheelError(.wheelFile, "WHEEL", reason)) }
        func single(_ name: String) -> String? {
            let values = headers.all(name)
            if values.count > 1 { fault("it has \(values.count) lines '\(name)' where one is allowed") }
            return values.first
        }

        for line in headers.faults { fault("'\(WheelError.excerpt(line))' is no line 'Name: value'") }
        wheelVersion = single("wheel-version") ?? ""
        let numbers = wheelVersion.split(separator: ".", omittingEmptySubsequences: false).map { UInt32($0) }
        if wheelVersion.isEmpty {
            fault("it has no line 'Wheel-Version'")
        } else if numbers.count != 2 || numbers.contains(nil) {
            fault("its Wheel-Version '\(WheelError.excerpt(wheelVersion))' is none, such as 1.0")
        } else if numbers[0] != 1 {
            fault("its Wheel-Version is \(wheelVersion), and 1.x is known; a newer Airlift may read it")
        }
        switch asciiLowered(single("root-is-purelib") ?? "false") {
        case "true": rootIsPurelib = true
        case "false": rootIsPurelib = false
        case let other:
            fault("its Root-Is-Purelib is '\(WheelError.excerpt(other))' and not true or false")
            rootIsPurelib = false
        }
        var tags: [WheelTag] = []
        for line in headers.all("tag") {
            do { tags += try WheelTag.expand(line) } catch { faults.append(error) }
        }
        self.tags = tags
        build = single("build")
        generator = headers.all("generator").first
        if !faults.isEmpty { throw FailureList(faults) }
    }
}
