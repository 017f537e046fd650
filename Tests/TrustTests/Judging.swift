import Trust

extension AllowedSigners {
    /// A list of these lines.
    static func of(_ lines: String...) throws -> AllowedSigners {
        try read(Array(lines.map { $0 + "\n" }.joined().utf8), file: "signers")
    }
}

extension TrustPolicy {
    /// The verdict over armored signatures, named `1.sig` and so on.
    func judge(_ signatures: [[UInt8]], of message: [UInt8] = Vector.message, at time: Int64 = .noon)
        -> TrustVerdict
    {
        judge(
            message,
            signatures.enumerated().map { DetachedSignature(name: "\($0 + 1).sig", bytes: $1) }, at: time)
    }
}

extension Int64 {
    /// 2026-11-21 12:00:00 UTC.
    static let noon: Int64 = 1_795_262_400
    static let day: Int64 = 86_400
}

extension SSHPublicKey {
    /// From a line of a `.pub` file.
    static func of(_ line: String) throws -> SSHPublicKey {
        let fields = line.split(separator: " ")
        guard fields.count > 1, let blob = Base64.decode(fields[1]) else {
            throw TestFault("no key: \(line)")
        }
        return try SSHPublicKey(blob: blob)
    }
}
