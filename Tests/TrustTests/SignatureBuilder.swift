import CNettle
import Digests
import Trust

/// An Ed25519 signature made in code, plain or as a hardware key makes it, in which everything may be wrong.
struct SignatureBuilder {
    /// 32 bytes, the secret.
    var seed = [UInt8](repeating: 1, count: 32)
    /// That of a hardware key; nil makes a plain one.
    var application: String?
    var flags: UInt8 = 1
    var counter: UInt32 = 42

    var magic = "SSHSIG"
    var version: UInt32 = 1
    var namespace = Trust.namespace
    /// What the signature says it is for; nil says what it was made for.
    var shownNamespace: String?
    var reserved: [UInt8] = []
    var hash = "sha512"
    /// What the signature says its kind is; nil says the key's.
    var kind: String?
    /// The key in the signature; nil has the one that signs.
    var shownKey: [UInt8]?
    var afterKey: [UInt8] = []
    var afterNumbers: [UInt8] = []
    var afterSignature: [UInt8] = []
    /// Bytes after which the encoded signature ends; nil leaves it whole.
    var cut: Int?

    init() {}

    init(_ change: (inout SignatureBuilder) -> Void) { change(&self) }

    var algorithm: String { application == nil ? "ssh-ed25519" : "sk-ssh-ed25519@openssh.com" }

    var point: [UInt8] {
        var point = [UInt8](repeating: 0, count: 32)
        nettle_ed25519_sha512_public_key(&point, seed)
        return point
    }

    var key: [UInt8] {
        var bytes = Wire.string(algorithm) + Wire.string(point)
        if let application { bytes += Wire.string(application) }
        return bytes
    }

    /// A line of a `.pub` file.
    var publicKey: String { "\(algorithm) \(Base64.encode(key))" }

    func blob(_ message: [UInt8]) -> [UInt8] {
        let digest = hash == "sha256" ? SHA256.hash(message).bytes : Self.sha512(message)
        let signed =
            Array(magic.utf8) + Wire.string(namespace) + Wire.string(reserved) + Wire.string(hash)
            + Wire.string(digest)
        let use = [flags] + Wire.uint32(counter)
        let wrapped =
            application.map { SHA256.hash($0).bytes + use + SHA256.hash(signed).bytes } ?? signed
        var numbers = [UInt8](repeating: 0, count: 64)
        nettle_ed25519_sha512_sign(point, seed, wrapped.count, wrapped, &numbers)
        let inner =
            Wire.string(kind ?? algorithm) + Wire.string(numbers) + (application == nil ? [] : use)
            + afterNumbers
        let outer =
            Wire.string(shownNamespace ?? namespace) + Wire.string(reserved) + Wire.string(hash)
            + Wire.string(inner)
        let whole =
            Array(magic.utf8) + Wire.uint32(version) + Wire.string((shownKey ?? key) + afterKey) + outer
            + afterSignature
        return cut.map { Array(whole.prefix($0)) } ?? whole
    }

    func armored(_ message: [UInt8]) -> [UInt8] { Self.armored(blob(message)) }

    static func armored(_ blob: [UInt8]) -> [UInt8] {
        let text = Array(Base64.encode(blob).utf8)
        var lines = ["-----BEGIN SSH SIGNATURE-----"]
        for start in stride(from: 0, to: text.count, by: 70) {
            lines.append(String(decoding: text[start..<min(start + 70, text.count)], as: UTF8.self))
        }
        return Array((lines + ["-----END SSH SIGNATURE-----", ""]).joined(separator: "\n").utf8)
    }

    private static func sha512(_ bytes: [UInt8]) -> [UInt8] {
        var context = sha512_ctx()
        nettle_sha512_init(&context)
        nettle_sha512_update(&context, bytes.count, bytes)
        var digest = [UInt8](repeating: 0, count: 64)
        nettle_sha512_digest(&context, 64, &digest)
        return digest
    }
}

/// Data types of RFC 4251, section 5.
enum Wire {
    static func uint32(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
    }

    static func string(_ bytes: [UInt8]) -> [UInt8] { uint32(UInt32(bytes.count)) + bytes }

    static func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }
}

/// Base 64 with padding.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String {
        let text = swap(Base64URL.encode(bytes), "-_", "+/")
        return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }

    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        Base64URL.decode(swap(text, "+/", "-_"))
    }

    private static func swap(_ text: some StringProtocol, _ old: String, _ new: String) -> String {
        let (old, new) = (Array(old.utf8), Array(new.utf8))
        return String(
            decoding: text.utf8.map { byte in
                byte == old[0] ? new[0] : byte == old[1] ? new[1] : byte
            }, as: UTF8.self)
    }
}
