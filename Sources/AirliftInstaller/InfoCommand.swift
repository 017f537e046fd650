import ArgumentParser
import Bundle
import Console
import Digests
import Install

struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Say what the bundle is: name, version, digests, requirements, sizes.",
        discussion: "Example:\n  sh payroll-2026.11.21-linux-64.sh info --json")

    @OptionGroup var source: BundleArgument
    @OptionGroup var trust: TrustOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        trust.warnOfOwnStub(quiet: output.quiet)
        let bundle = try trust.open(source.path).reader
        if output.json {
            put(bundle.manifestBytes)
            return
        }
        for (label, value) in try BundleSummary.rows(bundle) {
            put("\(label)\(String(repeating: " ", count: max(1, 15 - label.count)))\(value)")
        }
    }
}

enum BundleSummary {
    static func rows(_ bundle: BundleReader) throws -> [(String, String)] {
        let manifest = bundle.manifest
        var rows = [
            ("name", manifest.name), ("version", "\(manifest.version) (serial \(manifest.serial))"),
            ("platform", manifest.platform), ("summary", manifest.summary),
            ("bundle digest", bundle.digest.hex),
            ("environment", manifest.environment.hex),
            (
                "python",
                "\(manifest.python.implementation) \(manifest.python.version) (\(manifest.python.source.rawValue))"
            ),
            ("needs", needs(manifest)), ("archives", archives(manifest)),
            (
                "size",
                "\(ByteCount.text(bundle.layout.fileSize)), installed \(ByteCount.text(manifest.target.bytes))"
            ),
        ]
        if let prefix = manifest.install.defaultPrefix { rows.append(("default prefix", prefix)) }
        for script in try LinkScript.all(of: manifest, .manifest) {
            rows.append(("link script", script.words))
        }
        for archive in manifest.archives {
            for menu in archive.menus ?? [] {
                rows.append(("menu", "\(menu) of \(archive.filename), which is not made"))
            }
        }
        rows.append(("cut by", manifest.generator))
        return rows.filter { !$0.1.isEmpty }
    }

    private static func archives(_ manifest: Manifest) -> String {
        let counts = [
            (Manifest.Archive.Kind.conda, "conda packages"), (.wheel, "wheels"),
        ].map { kind, word in (manifest.archives.count { $0.kind == kind }, word) }
        let words = counts.filter { $0.0 > 0 || $0.1 == "wheels" }.map { "\($0.0) \($0.1)" }
        return "\(manifest.archives.count) (\(words.joined(separator: ", ")))"
    }

    private static func needs(_ manifest: Manifest) -> String {
        let glibc = manifest.target.glibc.map { ", glibc \($0)" } ?? ""
        return Stub.machine(of: manifest.platform) + glibc
    }
}

extension LinkScript {
    /// Which script it is and what becomes of it.
    var words: String {
        let fate =
            switch fate {
            case .runs: "runs when the environment is in place"
            case .runsAtRemoval: "runs when the environment is removed"
            case .skipped: "does not run, unless --link-scripts \(package) is given"
            case .never: "never runs"
            }
        return "\(action.rawValue) of \(distribution) (\(path)): \(fate)"
    }
}
