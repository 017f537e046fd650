import Bundle
import Conda
import Files

/// What Airlift itself writes into a prefix besides the packages' files, as it would write it now.
struct OwnFiles {
    let record: InstallRecord
    let manifest: Manifest
    /// Whether a conda package brings a path.
    let bringsActivation: (RelativePath) -> Bool

    private var hasConda: Bool { manifest.archives.contains { $0.kind == .conda } }

    /// Files whose contents only the day of the installation knows.
    func unjudged() throws -> Set<RelativePath> {
        hasConda ? [try RelativePath(CondaMeta.history)] : []
    }

    /// - Parameter prefix: is asked for the variables that conda packages set, and for the version of a host's
    ///   interpreter, which is written down nowhere else.
    func files(_ prefix: Directory) throws -> [InstalledFile] {
        let writer = TreeWriter(prefix, writing: .nothing)
        var files = try environment(prefix).write(writer)
        let scripts = try ActivationScriptPaths.choose(bringsActivation)
        func text(_ path: RelativePath, _ text: String) {
            files.append(InstalledFile(path: path, bytes: Array(text.utf8), permissions: 0o644))
        }
        guard hasConda else {
            text(scripts.posix, ActivationScript.posix(prefix: record.prefix, name: manifest.name))
            text(scripts.fish, ActivationScript.fish(prefix: record.prefix, name: manifest.name))
            return files
        }
        text(
            try RelativePath(CondaMeta.state),
            String(decoding: EnvironmentVariables().stateJSON(), as: UTF8.self))
        let variables: ActivationVariables
        // What is wrong with those files is found where they are compared.
        do { variables = try .read(prefix) } catch { return files }
        let activation = CondaActivation(
            prefix: record.prefix, name: manifest.name, variables: variables,
            isVirtualEnvironment: manifest.python.source != .conda)
        text(scripts.posix, activation.posix)
        text(scripts.fish, activation.fish)
        return files
    }

    private func environment(_ prefix: Directory) -> VirtualEnvironment {
        VirtualEnvironment(
            prefix: record.prefix, name: manifest.name, python: manifest.python,
            hostInterpreter: record.options.python, hostVersion: hostVersion(prefix))
    }

    /// The version that `pyvenv.cfg` names, where it is one.
    func hostVersion(_ prefix: Directory) -> String? {
        guard record.options.python != nil, let path = try? RelativePath("pyvenv.cfg"),
            let bytes = try? prefix.contents(of: path, limit: 65_536)
        else { return nil }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        where line.hasPrefix("version = ") {
            let version = line.dropFirst("version = ".count)
            let isVersion = version.utf8.allSatisfy { 0x30...0x39 ~= $0 || $0 == UInt8(ascii: ".") }
            return isVersion ? String(version) : nil
        }
        return nil
    }
}
