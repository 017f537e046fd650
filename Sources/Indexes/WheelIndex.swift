import Digests
import Failures
import Fetch
import Files
import Wheels
import Workers

/// A place that offers wheels: a server with the simple repository API (PEP 503, PEP 691), or a directory that is
/// laid out like one (`DIR/PROJECT/index.json` or `index.html`).
public final class WheelIndex {
    /// The public index, asked where a spec names none, as pip and uv do.
    public static let publicAddress = "https://pypi.org/simple"

    /// Without credentials.
    public let address: String
    private let fetcher: Fetcher
    private let place: Place

    private enum Place {
        /// Without a trailing `/`.
        case server(String)
        /// A `file` URL without a trailing `/`.
        case directory(String)
    }

    /// - Parameter address: an http, https or file URL, or the path of a directory. Its credentials serve every
    ///   later request of the fetcher to the same server, so that those of the files need none.
    /// - Throws: `FetchError` for an address that is none of these, `FileError` where the directory is missing.
    public init(_ address: String, fetcher: Fetcher) throws {
        self.fetcher = fetcher
        if let path = try localPath(of: address) {
            // Now, and not when a project is looked up: else a mistyped path would look like an empty index.
            _ = try Directory.open(path)
            place = .directory(fileURL(try absolutePath(path)))
            self.address = address
        } else {
            let bare = withoutCredentials(address)
            place = .server(withoutTrailingSlashes(String(bare.prefix { $0 != "?" && $0 != "#" })))
            self.address = redacted(address)
            fetcher.useCredentials(of: address)
        }
    }

    /// PEP 691 and PEP 503, JSON preferred.
    private static let accepted =
        "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"

    /// What the index has of each project, all asked for at once. A project that it does not have (404) is not
    /// among the keys: then another index may be asked.
    /// - Throws: `FailureList` with every other failure, that of a page that cannot be read too; `Interrupted`.
    public func pages(of projects: [ProjectName]) throws -> [ProjectName: SimpleIndexPage] {
        var pages: [ProjectName: SimpleIndexPage] = [:]
        var failures: [any Failure] = []
        var open: [ProjectName] = projects.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        for page in pageNames where !open.isEmpty {
            let requests = open.map { project in
                GetRequest(
                    root + "/" + project.normalized + "/" + page, accept: Self.accepted,
                    label: "the index page of \(project)")
            }
            var missing: [ProjectName] = []
            for ((project, request), answer) in zip(zip(open, requests), fetcher.get(requests)) {
                do {
                    let response = try answer.get()
                    switch response.status {
                    case 200: pages[project] = try read(response, request)
                    case 404, 410: missing.append(project)
                    default:
                        throw FetchError(
                            request.url, label: request.label, .status(response.status, attempts: 1))
                    }
                } catch let error as any Failure {
                    failures.append(error)
                } catch {
                    failures.append(FetchError(request.url, label: request.label, .library("\(error)")))
                }
            }
            open = missing
        }
        try Interruption.check()
        if !failures.isEmpty { throw FailureList(failures) }
        return pages
    }

    /// As `pages`, the files alone.
    public func files(of projects: [ProjectName]) throws -> [ProjectName: [IndexFile]] {
        try pages(of: projects).mapValues(\.files)
    }

    /// The METADATA of wheels, in their order: checked where the index gives a hash (PEP 658), kept in the store
    /// for good under the wheel's hash.
    /// - Throws: `FailureList` with every failure; `Interrupted`.
    public func metadata(of files: [IndexFile]) throws -> [[UInt8]] {
        var reader = MetadataReader(fetcher)
        return try reader.read(
            files.map { file in
                WheelAddress(
                    filename: file.filename, url: file.url, sha256: file.sha256, size: file.size,
                    metadataSHA256: file.coreMetadata?.sha256)
            })
    }

    public func metadata(of file: IndexFile) throws -> [UInt8] {
        try metadata(of: [file])[0]
    }

    private var root: String {
        switch place {
        case .server(let url), .directory(let url): url
        }
    }

    private var pageNames: [String] {
        switch place {
        case .server: [""]
        case .directory: ["index.json", "index.html"]
        }
    }

    private func read(_ response: Response, _ request: GetRequest) throws(WheelError) -> SimpleIndexPage {
        try SimpleIndexPage(
            response.body, contentType: response.contentType, url: withoutCredentials(response.finalURL))
    }
}

/// Several indexes, asked in their order for each project: the first that has it is the one that is used for it,
/// so that a later index cannot slip in a higher version of a project that an earlier one has.
public struct WheelIndexes {
    public let indexes: [WheelIndex]

    public init(_ indexes: [WheelIndex]) { self.indexes = indexes }

    /// A project that none has is not among the keys.
    public func files(of projects: [ProjectName]) throws -> [ProjectName: [IndexFile]] {
        var files: [ProjectName: [IndexFile]] = [:]
        for index in indexes {
            let open = projects.filter { files[$0] == nil }
            if open.isEmpty { break }
            files.merge(try index.files(of: open)) { first, _ in first }
        }
        return files
    }
}
