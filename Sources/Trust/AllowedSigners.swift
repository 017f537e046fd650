import Failures

/// Whose signatures count: an `allowed_signers` file of OpenSSH (ssh-keygen(1), ALLOWED SIGNERS).
///
/// It is read as OpenSSH reads it, with these differences. Any principal counts. Every line must be right, where
/// OpenSSH passes over those it cannot read. `cert-authority` is refused. A hardware key must have been touched unless
/// its line says `no-touch-required`, and `verify-required` asks for a PIN or a fingerprint; OpenSSH has both options
/// for authorized_keys only and refuses them here.
public struct AllowedSigners: Sendable {
    /// The file as it was read.
    public let bytes: [UInt8]
    /// Its name, for messages.
    public let file: String
    let signers: [AllowedSigner]

    /// Bytes; some ten thousand signers.
    static let limit = 4 << 20

    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - file: its name, for messages.
    /// - Throws: `TrustError` for a file that is no list or lists nobody, `FailureList` with every line that is wrong.
    public static func read(_ bytes: [UInt8], file: String) throws -> AllowedSigners {
        try AllowedSigners(bytes, file: file)
    }

    private init(_ bytes: [UInt8], file: String) throws {
        guard bytes.count <= Self.limit else {
            throw TrustError(
                file, "a list of signers has at most \(Self.limit) bytes, and this file has \(bytes.count)")
        }
        guard !bytes.starts(with: [0xef, 0xbb, 0xbf]) else {
            throw TrustError(
                file, "the file starts with a byte order mark; save it as UTF-8 without one")
        }
        var signers: [AllowedSigner] = []
        var faults: [TrustError] = []
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            do {
                if let signer = try AllowedSigner.read(line, line: index + 1) { signers.append(signer) }
            } catch {
                faults.append(TrustError("\(file):\(index + 1)", error.reason))
            }
        }
        if faults.count == 1 { throw faults[0] }
        guard faults.isEmpty else { throw FailureList(faults) }
        guard !signers.isEmpty else {
            throw TrustError(
                file,
                "the file lists nobody; each signer has a line such as 'ops@example.com ssh-ed25519 AAAA…'")
        }
        self.bytes = bytes
        self.file = file
        self.signers = signers
    }

    /// Keys that are listed, each once, in the order of the file.
    public var keys: [SSHPublicKey] {
        var seen: Set<SSHPublicKey> = []
        return signers.map(\.key).filter { seen.insert($0).inserted }
    }
}
