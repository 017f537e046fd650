import ArgumentParser
import Bundle
import Failures
import Files
import Glibc
import Trust

/// Whose signatures a bundle must have before anything of it is used.
public struct TrustOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Refuse a bundle that none of these signed: an allowed_signers file of OpenSSH.",
            valueName: "file"), completion: .file())
    public var trust: String?

    @Option(help: ArgumentHelp("How many of them must have signed (default: 1).", valueName: "number"))
    public var threshold: Int?

    @Option(
        name: .customLong("signature"),
        help: ArgumentHelp(
            "A signature that lies beside the bundle; may be repeated.", valueName: "file"),
        completion: .file())
    public var signatureFiles: [String] = []

    public init() {}

    public mutating func validate() throws {
        if let threshold, threshold < 1 { throw ValidationError("--threshold takes a number from 1 on") }
        if threshold != nil, trust == nil { throw ValidationError("--threshold goes with --trust FILE") }
        guard signatureFiles.count <= BundleSignature.countLimit else {
            throw ValidationError("--signature may be given \(BundleSignature.countLimit) times")
        }
    }

    /// nil where nobody was named.
    public func policy() throws -> TrustPolicy? {
        guard let trust else { return nil }
        let bytes = try Self.read(trust, limit: 4 << 20, "list of signers")
        return try TrustPolicy(allowed: AllowedSigners.read(bytes, file: trust), threshold: threshold ?? 1)
    }

    /// Those of `--signature`.
    public func detached() throws -> [DetachedSignature] {
        try signatureFiles.map { path in
            DetachedSignature(
                name: path, bytes: try Self.read(path, limit: BundleSignature.sizeLimit, "signature"))
        }
    }

    /// Opens a bundle whose signatures suffice; nothing else of it was used before that is known.
    ///
    /// - Parameters:
    ///   - remembered: whom the target knows, where nobody is named here.
    ///   - judgesByItself: whether signatures beside the bundle are of use without a list of signers.
    public func open(
        _ path: String, remembered: TrustPolicy? = nil, judgesByItself: Bool = false
    ) throws -> JudgedBundle {
        guard let policy = try policy() ?? remembered else {
            guard judgesByItself || signatureFiles.isEmpty else {
                throw ValidationError("--signature goes with --trust FILE, which says whose signatures count")
            }
            let reader = try BundleReader.open(path)
            return JudgedBundle(reader: reader, signatures: reader.detached + (try detached()), verdict: nil)
        }
        let further = try detached()
        var verdict: TrustVerdict?
        let reader = try BundleReader.open(path) { manifest, signatures in
            let all = signatures.map(\.detached) + further
            let now = Int64(time(nil))
            let judged = policy.judge(manifest, all, at: now)
            _ = try policy.require(judged, subject: path)
            verdict = judged
        }
        return JudgedBundle(reader: reader, signatures: reader.detached + further, verdict: verdict)
    }

    /// A whole file, of which no more than the limit is read.
    private static func read(_ path: String, limit: Int, _ what: String) throws -> [UInt8] {
        let bytes = try OpenFile.read(path).bytes(at: 0, count: limit + 1)
        guard bytes.count <= limit else {
            throw TrustError(path, "it has more than \(limit) bytes, which no \(what) has")
        }
        return bytes
    }
}

/// A bundle that was opened, and what its signatures are worth.
public struct JudgedBundle: Sendable {
    public let reader: BundleReader
    /// In the bundle and beside it.
    public let signatures: [DetachedSignature]
    /// nil where nobody was asked for.
    public let verdict: TrustVerdict?
}

extension BundleSignature {
    var detached: DetachedSignature { DetachedSignature(name: path, bytes: bytes) }
}

extension BundleReader {
    var detached: [DetachedSignature] { signatures.map(\.detached) }
}
