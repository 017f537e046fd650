import ArgumentParser
import Bundle
import Console
import Digests
import Failures
import Glibc
import Trust

struct SignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign bundles, with ssh-keygen and any key that it can sign with.",
        discussion: """
            Examples:
              airlift sign payroll-2026.11.21-linux-64.sh --key ~/.ssh/id_ed25519
              airlift sign *.sh --key id_ed25519_sk.pub         agent or hardware key
              airlift sign B.sh --key ID --detached             B.sh.SHA256-….sig beside it
              airlift sign B.sh --add B.sh.SHA256-….sig         made elsewhere
              airlift sign B.sh --remove SHA256:…
              airlift sign B.sh --list

            What is signed is airlift/manifest.json, which names all else by its SHA-256.
            A damaged bundle is not signed, and only signatures that hold are put in. The
            file is replaced by a new one; its other bytes stay as they are.
            """)

    @Argument(help: "The bundles.", completion: .file(extensions: ["sh"]))
    var bundles: [String]

    @Option(
        help: ArgumentHelp(
            "A private key, or a public key whose private half the agent or a hardware key has; may be repeated.",
            valueName: "file"), completion: .file())
    var key: [String] = []

    @Flag(help: "Write each signature into a file beside the bundle, and leave the bundle as it is.")
    var detached = false

    @Option(
        help: ArgumentHelp("Put in a signature that was made elsewhere; may be repeated.", valueName: "file"),
        completion: .file())
    var add: [String] = []

    @Option(
        help: ArgumentHelp(
            "Take out the signature by the key with this fingerprint; may be repeated.",
            valueName: "fingerprint"))
    var remove: [String] = []

    @Flag(help: "Say who signed, and change nothing.")
    var list = false

    @Option(
        name: .customLong("output"),
        help: ArgumentHelp(
            "The new file to write, for one bundle (default: in its place).", valueName: "file"),
        completion: .file())
    var destination: String?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        let changes = [!key.isEmpty, !add.isEmpty, !remove.isEmpty, list].count { $0 }
        guard changes > 0 else {
            throw ValidationError("say what to do: --key FILE, --add FILE, --remove FINGERPRINT or --list")
        }
        guard changes == 1 || !list && remove.isEmpty else {
            throw ValidationError("--list and --remove stand alone")
        }
        if detached, key.isEmpty || !add.isEmpty {
            throw ValidationError("--detached goes with --key, and not with --add")
        }
        guard destination == nil || bundles.count == 1 && !list && (!detached || key.count == 1) else {
            throw ValidationError("--output is for one bundle, and for one key where it is --detached")
        }
    }

    /// Each bundle by itself: one that fails keeps none of the others from being signed.
    func run() throws {
        var rows: [Row] = []
        var failures: [any Failure] = []
        for path in bundles {
            do { rows.append(try process(path)) } catch let failure as any Failure {
                failures.append(failure)
            }
        }
        if output.json, failures.isEmpty || !rows.isEmpty {
            try putDocument(Document(bundles: rows))
        }
        guard let first = failures.first else { return }
        guard output.json, !rows.isEmpty else { throw FailureList(failures) }
        // The one document on standard output is printed already.
        for failure in failures { output.complain("\(failure)") }
        throw ExitCode(first.kind.rawValue)
    }

    private func process(_ path: String) throws -> Row {
        let reader = try BundleReader.open(path)
        if list { return told(Row(path, reader, reader.signatures, changed: false), "") }
        let bar = ProgressBar("Verifying", total: reader.layout.fileSize, hidden: output.quiet)
        defer { bar.finish() }
        try reader.verify { bar.advance($0) }
        bar.finish()
        if detached { return try writeBeside(path, reader) }
        try checkDestination(reader)
        let result =
            remove.isEmpty
            ? try BundleSigner(reader).add(signatures(reader), output: destination)
            : try BundleSigner(reader).remove(names(reader), output: destination)
        return told(
            Row(result.path, reader, result.signatures, changed: !result.unchanged),
            result.unchanged ? "Unchanged" : remove.isEmpty ? "Signed" : "Changed")
    }

    /// Before anybody is asked for a passphrase or a touch.
    private func checkDestination(_ reader: BundleReader) throws {
        guard let destination, access(destination, F_OK) == 0,
            (try? BundleReader.open(destination))?.digest != reader.digest
        else { return }
        throw BundleError(
            destination, "it exists and is not replaced; remove it or choose another file",
            kind: .targetInTheWay)
    }

    private func signatures(_ reader: BundleReader) throws -> [BundleSignature] {
        let foreign = try add.map {
            try SigningStep.judged(SigningStep.read($0), of: reader, name: $0)
        }
        return foreign + (try made(reader))
    }

    private func made(_ reader: BundleReader) throws -> [BundleSignature] {
        try key.map { try SigningStep(key: $0, quiet: output.quiet).sign(reader) }
    }

    /// The names of the entries that `--remove` means.
    private func names(_ reader: BundleReader) throws -> Set<String> {
        let present = SSHSignature.describe(
            reader.signatures.map { DetachedSignature(name: $0.name, bytes: $0.bytes) },
            of: reader.manifestBytes)
        return Set(
            try remove.flatMap { wanted in
                let found = present.filter { $0.fingerprint == wanted || $0.name == wanted }.map(\.name)
                guard !found.isEmpty else {
                    let known = present.map { $0.fingerprint ?? $0.name }.joined(separator: ", ")
                    throw CommandError(
                        .usage,
                        "'\(reader.path)' has no signature by '\(wanted)'; \(known.isEmpty ? "it is not signed" : "it has \(known)")"
                    )
                }
                return found
            })
    }

    private func writeBeside(_ path: String, _ reader: BundleReader) throws -> Row {
        let made = try made(reader)
        var row = Row(path, reader, made, changed: false)
        row.files = try made.map { signature in
            let file = destination ?? "\(path).\(signature.name)"
            try OutputFile.write(signature.bytes, to: file)
            output.tell("Wrote \(file), a signature of '\(path)'.")
            return file
        }
        return row
    }

    private func told(_ row: Row, _ verb: String) -> Row {
        output.tell(
            "\(verb.isEmpty ? "" : verb + " ")\(Style.bold(row.bundle)), bundle digest \(row.digest):")
        if row.signatures.isEmpty { output.tell("  no signature") }
        for signature in row.signatures {
            let name = signature.fingerprint ?? signature.name
            let kind = signature.algorithm.map { " (\($0))" } ?? ""
            output.tell(
                "  \(name.printable)\(kind)\(signature.fault.map { ": \(Style.red("does not hold")): \($0.printable)" } ?? "")"
            )
        }
        return row
    }

    private struct Document: Encodable {
        let sign = 1
        let bundles: [Row]

        enum CodingKeys: String, CodingKey {
            case sign = "airlift_sign"
            case bundles
        }
    }

    struct Row: Encodable {
        let bundle: String
        let changed: Bool
        let digest: String
        /// Written beside the bundle.
        var files: [String]?
        let signatures: [SignatureReport.Row]

        init(_ path: String, _ reader: BundleReader, _ signatures: [BundleSignature], changed: Bool) {
            bundle = path
            self.changed = changed
            digest = reader.digest.hex
            self.signatures =
                SignatureReport(
                    signatures.map { DetachedSignature(name: $0.path, bytes: $0.bytes) },
                    manifest: reader.manifestBytes, nil
                ).signatures
        }
    }
}
