import Bundle
import Digests
import Files
import Glibc
import Trust
import Workers

/// Signs the manifest of a bundle with ssh-keygen, which asks for passphrases, talks to the agent and to hardware
/// keys; no private key is ever read here.
struct SigningStep {
    /// A private key's file, or a public key's whose private half the agent or a hardware key has.
    let key: String
    let quiet: Bool

    private static let program = "ssh-keygen"

    /// - Throws: `CommandError` of kind `trust` where ssh-keygen is missing or fails, or where what it made is no
    ///   signature that a bundle's installer would take.
    func sign(_ bundle: BundleReader) throws -> BundleSignature {
        try Self.checkKey(key)
        let bytes = try Directory.withTemporary("sign") { directory in
            let name = try RelativePath("manifest.json")
            try directory.replaceFile(name, with: bundle.manifestBytes, permissions: 0o600, durable: false)
            // A file and not standard input, on which it would not ask for the PIN of a hardware key.
            try run(
                (quiet ? ["-q"] : []) + [
                    "-Y", "sign", "-n", Trust.namespace, "-f", key, "\(directory.path)/\(name)",
                ])
            return try directory.contents(
                of: RelativePath("\(name).sig"), limit: BundleSignature.sizeLimit)
        }
        return try Self.judged(bytes, of: bundle, name: "the signature by '\(key)'")
    }

    static func checkKey(_ path: String) throws {
        guard access(path, R_OK) == 0 else { throw FileError("read the key", path) }
    }

    private func run(_ arguments: [String]) throws {
        let end: ChildProcess.Termination
        do { end = try ForegroundProcess.run(Self.program, arguments) } catch let error
            as ChildProcess.SpawnError
        {
            throw CommandError(
                .trust,
                "cannot sign with '\(key)': \(error); install OpenSSH 8.1 or later, or sign elsewhere and give the signature with --add"
            )
        }
        switch end {
        case .exited(0): return
        case .exited(let code):
            throw CommandError(
                .trust,
                "cannot sign with '\(key)': \(Self.program) ended with exit code \(code) and said why above; a public key needs its private half in the agent (ssh-add), and -Y sign needs OpenSSH 8.1 or later"
            )
        case .signalled(let signal):
            throw CommandError(
                .trust, "cannot sign with '\(key)': \(Self.program) was ended by signal \(signal)")
        }
    }

    /// A signature that was made elsewhere, or just now, under the name that its key gives it: only one that holds
    /// for this manifest gets into a bundle.
    static func judged(
        _ bytes: [UInt8], of bundle: BundleReader, name: String
    ) throws -> BundleSignature {
        let signature = try SSHSignature.read(bytes, name: name)
        try signature.verify(bundle.manifestBytes, namespace: Trust.namespace)
        return BundleSignature(name: signature.publicKey.entryName, bytes: bytes)
    }

    /// Signs what was just cut, or lies there since an earlier cut.
    /// - Parameter digest: of the bundle that was cut. Whoever may write its directory may put another one there
    ///   meanwhile; that is not signed.
    static func sign(
        _ path: String, digest: SHA256Digest, with keys: [String], quiet: Bool
    ) throws -> SignedBundle {
        let reader = try BundleReader.open(path)
        guard reader.digest == digest else {
            throw CommandError(
                .trust,
                "'\(path)' is not the bundle that was cut: its bundle digest should be \(digest) and is \(reader.digest), so it was not signed; cut again into a directory that nobody else may write"
            )
        }
        try reader.verify()
        return try BundleSigner(reader).add(keys.map { try SigningStep(key: $0, quiet: quiet).sign(reader) })
    }

    /// A file with a signature, bounded in size.
    static func read(_ path: String) throws -> [UInt8] {
        let file = try OpenFile.read(path)
        let bytes = try file.bytes(at: 0, count: BundleSignature.sizeLimit + 1)
        guard bytes.count <= BundleSignature.sizeLimit else {
            throw CommandError(
                .trust,
                "'\(path)' has more than \(BundleSignature.sizeLimit) bytes, which no signature has")
        }
        return bytes
    }
}
