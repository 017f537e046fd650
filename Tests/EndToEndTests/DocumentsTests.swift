import Digests
import Files
import Glibc
import TestSupport
import Testing

/// What the programs print with `--json`, against docs/schemas.
@Suite struct DocumentsTests {
    private static let schemas = Result { try JSONSchemas(Directory.open(Product.root + "/docs/schemas")) }

    /// What a command printed, and the schema that it is to follow.
    struct Sample {
        let command: [String]
        let schema: String
        let outcome: Outcome
    }

    static let samples = Result { try makeSamples() }

    private static func makeSamples() throws -> [Sample] {
        let flown = try Shared.light()
        let later = try Shared.lighter()
        let whole = try Shared.whole()
        let workshop = try Workshop()
        let (path, bundle) = (workshop.path, flown.bundle)
        try workshop.spec(index: flown.index.url)
        let (airlift, installer) = (try Product.airlift, try Product.installer)
        let wheel = try workshop.scratch.write("demo-1.0-py3-none-any.whl", WheelBuilder("demo", "1.0").bytes)
        let bad = try workshop.scratch.write("bad-1.0-py3-none-any.whl", "nothing")
        let policy = try workshop.scratch.write("company.toml", "deny = ['MIT']\n")
        let prefix = path + "/p"
        var commands: [(schema: String, command: [String])] = [
            ("init", [airlift, "init", path + "/fresh"]), ("lock", [airlift, "lock", workshop.project]),
            ("fetch", [airlift, "fetch", workshop.project]), ("cut", [airlift, "cut", workshop.project]),
            ("lock-summary", [airlift, "inspect", workshop.project]),
            ("summary", [airlift, "inspect", whole.bundle]),
            ("tree", [airlift, "inspect", bundle, "--tree"]),
            ("why", [airlift, "inspect", bundle, "--why", "shouter"]),
            ("files", [airlift, "inspect", bundle, "--files", "greeter"]),
            ("diff", [airlift, "diff", bundle, bundle]),
            ("diff", [airlift, "diff", "--files", "--fail-on", "any", bundle, later.bundle]),
            ("diff", [airlift, "diff", bundle, whole.bundle]),
            ("sbom", [airlift, "sbom", bundle, "--output", path + "/sbom.json"]),
            ("licenses", [airlift, "licenses", bundle]),
            ("policy", [airlift, "policy", "--policy", policy, bundle]),
            ("sign", [airlift, "sign", "--list", bundle]), ("verify", [airlift, "verify", bundle]),
            ("index", [airlift, "index", bundle, path + "/index"]),
            ("rebuild", [airlift, "rebuild", "--check", "--offline", bundle]),
            (
                "python-capture",
                [airlift, "python", "capture", "/usr/bin/python3", "-o", path + "/python.tar.zst"]
            ),
            ("wheel-check", [airlift, "wheel", "check", wheel, bad]),
            ("error", [airlift, "verify", path + "/nothing"]), ("error", [airlift, "verfy"]),

            ("plan", [installer, "plan", whole.bundle, "-p", prefix]),
            ("install", ["sh", bundle, "-b", "--no-sync", "-p", prefix]),
            ("plan", [installer, "plan", bundle, "-p", prefix]),
            ("install", ["sh", bundle, "-b", "-p", prefix]), ("summary", [airlift, "inspect", prefix]),
            ("verify-install", [installer, "verify-install", prefix]),
            ("verify-install", [installer, "verify-install", prefix, "--bundle", bundle]),
            ("repair", [installer, "repair", prefix, "--bundle", bundle]),
            ("manifest", [installer, "info", bundle]),
            ("list", [installer, "list", bundle]), ("verify", [installer, "verify", bundle]),
            ("extract", [installer, "extract", "--bundle", bundle, "--to", path + "/parts"]),
            ("install", [installer, "install", later.bundle, "-b", "-u", "--no-sync", "-p", prefix]),
            ("uninstall", [installer, "uninstall", "-p", prefix]),
            ("error", [installer, "verify-install", prefix]), ("error", [installer, "frobnicate"]),
        ]
        commands += try rootCommands(path + "/root", flown.bundle, later.bundle)
        // Its keys go with it.
        let signers = Signers()
        defer { withExtendedLifetime(signers) {} }
        if Program.exists("ssh-keygen") {
            commands.append(
                ("sign", [airlift, "sign", bundle, "--detached", "--key", try signers.key("alice")]))
        }
        return try commands.map { schema, command in
            Sample(
                command: command, schema: schema + ".json",
                outcome: try run(
                    command + (command.contains("--json") ? [] : ["--json"]),
                    environment: workshop.environment))
        }
    }

    /// A root from its first release to its end.
    private static func rootCommands(
        _ root: String, _ bundle: String, _ later: String
    ) throws -> [(schema: String, command: [String])] {
        let installer = try Product.installer
        let kept = root + "/.airlift/airlift"
        let today = try run(["date", "-u", "+%F"]).output.prefix(10)
        return [
            ("plan", [installer, "plan", bundle, "--root", root]),
            ("install", [installer, "install", bundle, "-b", "--no-sync", "--root", root]),
            ("plan", [kept, "plan", later]), ("install", [kept, "install", later, "-b", "--no-sync"]),
            ("install", [kept, "install", later, "-b", "--no-sync", "--no-activate"]),
            ("verify-root", [kept, "verify-install"]), ("repair", [kept, "repair", "--bundle", bundle]),
            ("releases", [kept, "releases"]), ("rollback", [kept, "rollback"]),
            ("releases", [installer, "releases", "--root", root]),
            ("activate", [kept, "activate", "2026.12.01"]), ("activate", [kept, "activate", "2026.12.01"]),
            ("history", [kept, "history"]), ("history", [kept, "history", "--on", String(today)]),
            ("summary", [try Product.airlift, "inspect", root]), ("prune", [kept, "prune", "--dry-run"]),
            ("prune", [kept, "prune", "--keep", "1"]),
            ("install", [kept, "install", bundle, "-b", "--no-sync", "--no-activate", "--allow-downgrade"]),
            ("remove", [kept, "remove", "2026.11.21"]), ("error", [kept, "remove", "2026.12.01"]),
            ("error", [kept, "exec", "--json", "no-such-program"]),
            ("uninstall", [kept, "uninstall", "-f"]),
        ]
    }

    @Test func everyDocumentFollowsItsSchema() throws {
        let schemas = try Self.schemas.get()
        for sample in try Self.samples.get() {
            guard let document = try? JSONValue(sample.outcome.bytes) else {
                Issue.record("\(sample.command): \(sample.outcome.words)")
                continue
            }
            #expect(schemas.faults(of: document, by: sample.schema) == [], "\(sample.command)")
            #expect(
                sample.outcome.bytes == (try CanonicalJSON.encode(document))
                    || sample.outcome.output.contains("\\u"), "\(sample.command) is not canonical")
        }
    }

    @Test func everySchemaIsTriedOnAnOutput() throws {
        let tried = Set(try Self.samples.get().map(\.schema))
        #expect(tried == Set(try Self.schemas.get().documents.keys).subtracting(["common.json"]))
    }

    /// Every command, by what it says of itself, has the four options of output and a schema.
    @Test func everyCommandHasTheOptionsOfOutput() throws {
        // Commands whose document has another name, and documents that answer a question of `inspect`.
        let others = ["inspect": "summary", "info": "manifest", "exec": "error"]
        var left = Set(try Self.schemas.get().documents.keys.map { String($0.dropLast(5)) })
        left.subtract(["common", "lock-summary", "tree", "why", "files", "verify-root"])
        let known = left
        for program in try [Product.airlift, Product.installer] {
            for leaf in try Commands.of(program).leaves {
                #expect(
                    leaf.options.isSuperset(of: ["json", "quiet", "verbose", "log-file"]),
                    "\(program) \(leaf.path)")
                let name = leaf.path.joined(separator: "-")
                #expect(known.contains(others[name] ?? name), "\(program) \(leaf.path) has no schema")
                left.remove(others[name] ?? name)
            }
        }
        #expect(left == [], "schemas of no command")
    }

    /// AIRLIFT_JSONSCHEMA names a Python with the package jsonschema.
    @Test(.enabled(if: getenv("AIRLIFT_JSONSCHEMA") != nil, "AIRLIFT_JSONSCHEMA names no Python"))
    func anotherValidatorAgrees() throws {
        let python = String(cString: getenv("AIRLIFT_JSONSCHEMA"))
        let scratch = TemporaryDirectory()
        for (number, sample) in try Self.samples.get().enumerated() {
            try scratch.write("\(number) \(sample.schema)", sample.outcome.bytes)
        }
        let ran = try run([
            python, "-c",
            """
            import json, pathlib, sys
            from jsonschema import Draft202012Validator as Validator
            from referencing import Registry, Resource
            schemas = {p.name: json.loads(p.read_bytes()) for p in pathlib.Path(sys.argv[1]).iterdir()}
            registry = Registry().with_resources((n, Resource.from_contents(s)) for n, s in schemas.items())
            for schema in schemas.values():
                Validator.check_schema(schema)
            for path in pathlib.Path(sys.argv[2]).iterdir():
                schema = schemas[path.name.split(" ")[1]]
                for error in Validator(schema, registry=registry).iter_errors(json.loads(path.read_bytes())):
                    print(path.name, error.json_path, error.message[:200])
            """, Product.root + "/docs/schemas", scratch.path,
        ])
        #expect(ran.code == 0 && ran.words == "exit code 0\n", "\(ran.words)")
    }
}
