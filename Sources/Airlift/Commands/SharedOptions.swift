import ArgumentParser
import Bundle
import Console
import Fetch
import Glibc
import Lock
import Workers

struct NetworkOptions: ParsableArguments {
    @Flag(help: "Use only what is in the store and on this machine; no socket is opened.")
    var offline = false

    @Option(name: .shortAndLong, help: "Transfers at a time (default: 24).")
    var jobs: Int?

    @Option(
        help:
            "The store of fetched archives (default: $AIRLIFT_CACHE, or airlift in the user's cache directory).",
        completion: .directory)
    var cache: String?

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number from 1 on") }
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// nil where there is neither an option nor a home directory.
    var storePath: String? { cache ?? ArchiveStore.defaultPath(Self.variable) }

    /// Opens the store; sockets are opened when something has to be fetched.
    func fetcher(for project: Project) throws -> Fetcher {
        guard let path = storePath else {
            throw ValidationError("there is no home directory for the store; name one with --cache DIR")
        }
        return fetcher(for: project, store: try ArchiveStore(path: path))
    }

    func fetcher(for project: Project, store: ArchiveStore) -> Fetcher {
        var options = FetchOptions(version: Generator.version)
        options.offline = offline
        if let jobs { options.transfers = jobs }
        options.certificates = Self.variable("SSL_CERT_FILE")
        options.retry.jitter = { Double.random(in: 0.5...1) }
        let fetcher = Fetcher(store: store, options: options)
        // A lock names no credentials; those of the spec's indexes serve its archives as well.
        for index in project.spec.wheelIndexes ?? [] { fetcher.useCredentials(of: index) }
        return fetcher
    }
}

struct ProjectArgument: ParsableArguments {
    @Argument(help: "The directory with bundle.toml, or the file itself.", completion: .directory)
    var directory: String

    func open() throws -> Project { try Project.open(directory) }
}

enum Clock {
    /// The day of a cut, in UTC; SOURCE_DATE_EPOCH (reproducible-builds.org) sets it.
    static var today: CalendarDate {
        var seconds = getenv("SOURCE_DATE_EPOCH").flatMap { Int(String(cString: $0)) } ?? time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return CalendarDate(
            year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday))
    }
}
