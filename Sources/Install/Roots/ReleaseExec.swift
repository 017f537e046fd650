import Files
import Glibc

/// A program of one release, ready to be run: `current` was resolved once, and everything names the release's own
/// path. So a process never has files of two releases, whatever `current` leads to later.
public struct ReleaseExec: Sendable {
    /// Name of the release.
    public let release: String
    /// All of its variables.
    public let variables: [String: String]
    /// What the process becomes.
    public let executable: String
    /// With argv[0].
    public let argv: [String]

    /// - Parameters:
    ///   - root: absolute.
    ///   - release: nil for the current one.
    ///   - command: name of a program in the release's `bin`, or its path in the release; and its arguments.
    ///   - inherited: variables of this process.
    /// - Throws: `InstallError` of kind `targetInTheWay` where there is no such release, `damaged` where it is not what
    ///   its record says, `usage` where it has no such program.
    public static func resolve(
        root: String, release: String?, command: [String], inheriting inherited: [String: String]
    ) throws -> ReleaseExec {
        guard let name = command.first else {
            throw InstallError(.usage, "name the program to run, for instance: exec python --version")
        }
        let directory = try Directory.open(root)
        let chosen = try release ?? InstalledRoot.current(in: directory)
        guard let chosen else {
            throw InstallError(
                .targetInTheWay,
                "no release of '\(root)' is the current one, so there is nothing to run; '\(root)/.airlift/airlift releases' lists them, and 'activate VERSION' makes one current"
            )
        }
        let place = try Self.place(chosen, directory)
        guard let place, try !UnfinishedMark.isIn(place), let record = try InstallRecord.read(place) else {
            throw InstallError(
                .targetInTheWay,
                "the release '\(chosen)' is not in '\(root)'\(release == nil ? ", although 'current' leads to it" : ""); '\(root)/.airlift/airlift releases' lists those that are"
            )
        }
        let prefix = try Self.prefix(record, place)
        var variables = try ReleaseEnvironment.variables(
            prefix: prefix, name: record.name, inheriting: inherited)
        variables["AIRLIFT_RELEASE"] = chosen
        let program = try Self.program(name, place, chosen)
        let (executable, argv) = try ReleaseActivation.read(place, prefix: prefix).command(
            "\(prefix)/\(program)", Array(command.dropFirst()))
        return ReleaseExec(release: chosen, variables: variables, executable: executable, argv: argv)
    }

    private static func place(_ name: String, _ root: Directory) throws -> Directory? {
        guard let path = try? RelativePath("\(InstalledRoot.releasesPath)/\(name)"),
            path.components.count == 2, !name.hasPrefix("."), try root.status(of: path)?.kind == .directory
        else { return nil }
        return try root.directory(path)
    }

    /// Its scripts name the path at which it was installed: that must still be this directory.
    private static func prefix(_ record: InstallRecord, _ place: Directory) throws -> String {
        let found = try place.status()
        var there = stat()
        guard stat(record.prefix, &there) == 0, UInt64(there.st_dev) == found.device,
            UInt64(there.st_ino) == found.inode
        else {
            throw InstallError(
                .damaged,
                "'\(place.path)' was installed as '\(record.prefix)', which its scripts name, and is not there any more; move it back, or install it again where it is wanted"
            )
        }
        return record.prefix
    }

    private static func program(_ name: String, _ place: Directory, _ release: String) throws -> RelativePath
    {
        let path = try? RelativePath(name.utf8.contains(0x2f) ? name : "bin/\(name)")
        guard let path, try place.status(of: path) != nil else {
            throw InstallError(
                .usage,
                "the release '\(release)' has no program '\(name)'; name one of '\(place.path)/bin', or its path in the release"
            )
        }
        return path
    }
}
