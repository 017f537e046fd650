import Console
import Glibc
import Install

/// The root that keeps this very program, as `R/.airlift/airlift`: its commands then need no `--root`.
enum OwnRoot {
    /// nil where the program is any other copy: a bundle's, or one that was installed by itself.
    static let path: String? = {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return nil }
        return KeptInstaller.root(
            of: String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }()

    /// What this program is called in its own messages and help.
    static var programName: String { path == nil ? "airlift-installer" : "airlift" }

    /// How a person calls it.
    static var command: String { path.map { "\($0)/\(KeptInstaller.path)" } ?? "airlift-installer" }

    /// What runs in the root and what `rollback` would do, in a sentence; empty where that cannot be told, and where no
    /// help is asked for: `exec` is not to read all records first.
    static var standing: String {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.isEmpty || arguments.contains(where: { ["-h", "--help", "help"].contains($0) }) else {
            return ""
        }
        guard let path, let root = try? ReleaseRoot.open(path) else { return "" }
        let name = ((try? root.state()) ?? nil)?.name ?? "its bundle"
        guard let current = (try? root.current()) ?? nil else {
            return "No release of \(name) is current now: 'activate VERSION' makes one current."
        }
        guard let previous = (try? root.previous()) ?? nil else {
            return "Current now: \(name) \(current). There is no release before it to go back to."
        }
        return "Current now: \(name) \(current). 'rollback' would go back to \(previous)."
    }
}
