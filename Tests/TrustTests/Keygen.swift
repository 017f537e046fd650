import Files
import Glibc
import TestSupport
import Workers

/// The `ssh-keygen` of this machine.
struct Keygen {
    static let path = "/usr/bin/ssh-keygen"
    static let isHere = access(path, X_OK) == 0

    let scratch = TemporaryDirectory()

    /// - Parameter input: a file below the scratch directory that the program reads.
    /// - Returns: whether it ended with 0, and what it said.
    @discardableResult
    func run(_ arguments: String, input: String = "/dev/null", timeZone: String = "UTC") throws -> (
        isGood: Bool, output: String
    ) {
        var output: [UInt8] = []
        let end = try BoundedProcess(
            "/bin/sh", ["-c", "exec \(Self.path) \(arguments) < \(input)"],
            environment: ["HOME": scratch.path, "TZ": timeZone], directory: scratch.path, limit: 60
        ).run { output += Array($0) }
        return (end == .exited(0), String(decoding: output, as: UTF8.self))
    }

    /// A new key without a passphrase in the file `name`. - Returns: the line of its `.pub` file.
    func newKey(_ name: String, kind: String, bits: Int? = nil) throws -> String {
        let size = bits.map { "-b \($0)" } ?? ""
        let (isGood, output) = try run("-q -t \(kind) \(size) -N '' -C \(name)@example.org -f \(name)")
        guard isGood else { throw TestFault(output) }
        let line = String(decoding: try read("\(name).pub"), as: UTF8.self)
        return String(line.dropLast())
    }

    /// `ssh-keygen -Y sign` with that key.
    func sign(
        _ message: [UInt8], key: String, namespace: String = "airlift-bundle@v1", options: String = ""
    ) throws -> [UInt8] {
        try scratch.write("message", message)
        let (isGood, output) = try run(
            "-Y sign -q -f \(key) -n \(namespace) \(options)", input: "message")
        guard isGood else { throw TestFault(output) }
        return Array(output.utf8)
    }

    /// Whether `ssh-keygen -Y verify` takes the signature for one of `principal`.
    func verifies(
        _ message: [UInt8], _ signature: [UInt8], allowed: [UInt8], principal: String = "ops@example.org",
        at time: String = "20261121120000Z", namespace: String = "airlift-bundle@v1", timeZone: String = "UTC"
    ) throws -> Bool {
        try scratch.write("message", message)
        try scratch.write("signature", signature)
        try scratch.write("allowed", allowed)
        return try run(
            "-Y verify -f allowed -I '\(principal)' -n \(namespace) -s signature -O verify-time=\(time)",
            input: "message", timeZone: timeZone
        ).isGood
    }

    /// Whether `ssh-keygen -Y check-novalidate` finds the signature right, whoever made it.
    func checks(
        _ message: [UInt8], _ signature: [UInt8], namespace: String = "airlift-bundle@v1"
    ) throws -> Bool {
        try scratch.write("message", message)
        try scratch.write("signature", signature)
        return try run("-Y check-novalidate -n \(namespace) -s signature", input: "message").isGood
    }

    private func read(_ name: String) throws -> [UInt8] {
        try scratch.directory().contents(of: RelativePath(name))
    }
}

struct TestFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
