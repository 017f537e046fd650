import Digests

/// A member of a wheel as it was really read.
public struct WheelMember: Hashable, Sendable {
    public let path: String
    /// Bytes, uncompressed.
    public let size: UInt64
    public let sha256: SHA256Digest

    public init(path: String, size: UInt64, sha256: SHA256Digest) {
        self.path = path
        self.size = size
        self.sha256 = sha256
    }
}

extension RecordFile {
    /// Every way in which the members of a wheel are not those that its RECORD lists. Empty: they agree.
    /// - Parameters:
    ///   - members: all files of the wheel, without directories.
    ///   - distInfo: the name of the `.dist-info` directory.
    public func problems(with members: [WheelMember], distInfo: String) -> [WheelError] {
        let record = "\(distInfo)/RECORD"
        let exempt = Set([record, record + ".jws", record + ".p7s"].map(ExactText.init))
        var problems: [WheelError] = []
        func problem(_ path: String, _ reason: String) { problems.append(WheelError(.member, path, reason)) }

        var listed: [ExactText: Row] = [:]
        listed.reserveCapacity(rows.count)
        for row in rows where listed.updateValue(row, forKey: ExactText(row.path)) != nil {
            problem(row.path, "RECORD lists it twice")
        }
        var present: Set<ExactText> = []
        present.reserveCapacity(members.count)
        for member in members {
            let key = ExactText(member.path)
            present.insert(key)
            if exempt.contains(key) {
                if listed[key]?.digest != nil {
                    problem(member.path, "RECORD gives a digest for what cannot have one")
                }
                continue
            }
            guard let row = listed[key] else {
                problem(member.path, "RECORD does not list it")
                continue
            }
            if let size = row.size, size != member.size {
                problem(member.path, "it has \(member.size) bytes and RECORD says \(size)")
            }
            switch row.digest {
            case nil: problem(member.path, "RECORD lists it without a digest")
            case .sha256(let digest):
                if digest != member.sha256 {
                    problem(
                        member.path,
                        "its digest is \(Digest.sha256(member.sha256)) and RECORD says \(Digest.sha256(digest))"
                    )
                }
            case .sha384, .sha512:
                problem(member.path, "RECORD gives a digest that is not SHA-256, which alone is checked here")
            }
        }
        for row in rows where !present.contains(ExactText(row.path)) && !exempt.contains(ExactText(row.path))
        {
            problem(row.path, "RECORD lists it, and the wheel does not hold it")
        }
        return problems
    }
}
