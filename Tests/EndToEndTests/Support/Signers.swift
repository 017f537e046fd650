import Files
import TestSupport

/// Keys of people who sign, and lists of those who are trusted.
final class Signers {
    let scratch = TemporaryDirectory()
    var path: String { scratch.path }

    static let namespace = "airlift-bundle@v1"

    /// Makes a key pair of that name; the private half has no passphrase unless one is given.
    /// - Returns: the private half's path.
    @discardableResult
    func key(_ name: String, _ kind: [String] = ["ed25519"], passphrase: String = "") throws -> String {
        let file = "\(path)/\(name)"
        if Tree.exists(file) { return file }
        let made = try run(
            ["ssh-keygen", "-q", "-N", passphrase, "-C", name, "-f", file, "-t"] + kind)
        guard made.code == 0 else { throw Unexpected(made) }
        return file
    }

    /// `SHA256:…`.
    func fingerprint(_ name: String) throws -> String {
        let ran = try run(["ssh-keygen", "-l", "-f", key(name) + ".pub"])
        return String(ran.output.split(separator: " ")[1])
    }

    func line(_ name: String, _ options: String = "") throws -> String {
        let key = try Tree.text(key(name) + ".pub")
        return "\(name)@example.org \(options.isEmpty ? "" : options + " ")\(key)"
    }

    /// Writes an allowed_signers file.
    func list(_ lines: String...) throws -> String {
        try scratch.write("allowed_signers.\(UInt32.random(in: 0 ... .max))", lines.joined())
    }

    /// A list with these people, no strings attached.
    func trusting(_ names: String...) throws -> String {
        try scratch.write(
            "allowed_signers.\(names.joined(separator: "."))", names.map { try line($0) }.joined())
    }

    /// Signs some bytes with ssh-keygen itself.
    /// - Returns: the signature's path.
    func sign(
        _ bytes: [UInt8], with name: String, namespace: String = Signers.namespace, hash: String = "sha512"
    ) throws -> String {
        let file = try scratch.write("message.\(UInt32.random(in: 0 ... .max))", bytes)
        let ran = try run([
            "ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-O", "hashalg=\(hash)", "-f", key(name), file,
        ])
        guard ran.code == 0 else { throw Unexpected(ran) }
        return file + ".sig"
    }

    /// A copy of a bundle that a test may change.
    func copy(_ bundle: String, _ name: String = "B.sh") throws -> String {
        try scratch.write(name, Tree.bytes(bundle), permissions: 0o755)
    }

    static func manifest(of bundle: String) throws -> [UInt8] {
        try run(["unzip", "-p", bundle, "airlift/manifest.json"]).bytes
    }

    static let areThere = Program.exists("ssh-keygen") && Program.exists("unzip")
}
