import ArgumentParser
import Bundle

/// The bundle that a command works on.
struct BundleArgument: ParsableArguments {
    @Argument(
        help: "The bundle; not needed when the bundle itself was run.", completion: .file(extensions: ["sh"]))
    var bundle: String?

    func open() throws -> BundleReader { try Self.open(bundle) }

    /// The bundle that was named, or the one that was run.
    static func open(_ name: String?) throws -> BundleReader {
        guard let path = name ?? Invocation.bundle else {
            throw ValidationError(
                "name the bundle, for instance: airlift-installer info payroll-2026.11.21-linux-64.sh")
        }
        return try BundleReader.open(path)
    }
}

struct OutputOptions: ParsableArguments {
    @Flag(help: "One JSON document on standard output; words and progress go to standard error.")
    var json = false

    @Flag(name: .shortAndLong, help: "No words and no progress, only errors.")
    var quiet = false
}
