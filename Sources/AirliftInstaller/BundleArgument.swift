import ArgumentParser
import Console

/// The bundle that a command works on.
struct BundleArgument: ParsableArguments {
    @Argument(
        help: "The bundle; not needed when the bundle itself was run.", completion: .file(extensions: ["sh"]))
    var bundle: String?

    /// The bundle that was named, or the one that was run.
    var path: String { get throws { try Self.path(bundle) } }

    static func path(_ name: String?) throws -> String {
        guard let path = name ?? Invocation.bundle else {
            throw ValidationError(
                "name the bundle, for instance: airlift-installer info payroll-2026.11.21-linux-64.sh")
        }
        return path
    }
}

extension TrustOptions {
    /// Says what trust is worth where the installer that judges came out of the file that it judges.
    func warnOfOwnStub(_ output: OutputOptions, remembered: Bool = false) {
        guard trust != nil || remembered, Invocation.bundle != nil else { return }
        output.notice(
            "this installer came out of a bundle itself. Its check of signatures protects against accidents, not against a hostile file; for that, use an airlift-installer that you trust already"
        )
    }
}
