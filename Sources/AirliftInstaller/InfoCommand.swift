import ArgumentParser
import Bundle
import Console
import Digests

struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Say what the bundle is: name, version, digests, requirements, sizes.",
        discussion: "Example:\n  sh payroll-2026.11.21-linux-64.sh info --json")

    @OptionGroup var source: BundleArgument
    @OptionGroup var output: OutputOptions

    func run() throws {
        let bundle = try source.open()
        if output.json {
            put(bundle.manifestBytes)
            return
        }
        for (label, value) in BundleSummary.rows(bundle) {
            put("\(label)\(String(repeating: " ", count: max(1, 15 - label.count)))\(value)")
        }
    }
}

enum BundleSummary {
    static func rows(_ bundle: BundleReader) -> [(String, String)] {
        let manifest = bundle.manifest
        let wheels = manifest.archives.count { $0.kind == .wheel }
        var rows = [
            ("name", manifest.name), ("version", "\(manifest.version) (serial \(manifest.serial))"),
            ("platform", manifest.platform), ("summary", manifest.summary),
            ("bundle digest", bundle.digest.hex),
            ("environment", manifest.environment.hex),
            (
                "python",
                "\(manifest.python.implementation) \(manifest.python.version) (\(manifest.python.source.rawValue))"
            ),
            ("needs", needs(manifest)), ("archives", "\(manifest.archives.count) (\(wheels) wheels)"),
            (
                "size",
                "\(ByteCount.text(bundle.layout.fileSize)), installed \(ByteCount.text(manifest.target.bytes))"
            ),
        ]
        if let prefix = manifest.install.defaultPrefix { rows.append(("default prefix", prefix)) }
        rows.append(("cut by", manifest.generator))
        return rows.filter { !$0.1.isEmpty }
    }

    private static func needs(_ manifest: Manifest) -> String {
        let glibc = manifest.target.glibc.map { ", glibc \($0)" } ?? ""
        return Stub.machine(of: manifest.platform) + glibc
    }
}
