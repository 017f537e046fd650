/// Where the members of a conda package may lie, so that every reader sees the same package.
struct CondaMembers {
    enum Part {
        /// `info-….tar.zst` of a `.conda`.
        case info
        /// `pkg-….tar.zst` of a `.conda`.
        case payload
        /// A `.tar.bz2`.
        case whole
    }

    /// What conda-build leaves in the payload of a `.conda`, and other builders put beside the metadata.
    private static let licenses = "info/licenses/"

    private let archive: String
    /// Members below `info/licenses/`, which both parts of a `.conda` may have.
    private var licenseFiles: Set<String> = []
    private var hasIndex = false
    private var hasList = false
    /// Whether the payload has begun after all that a reader of the metadata waits for was there.
    private(set) var isPastInfo = false

    init(archive: String) { self.archive = archive }

    /// Notes a member.
    /// - Returns: whether it belongs to `info/`.
    mutating func add(_ entry: TarEntry, in part: Part) throws(ArchiveError) -> Bool {
        let path = entry.path.string
        func refuse(_ reason: String) -> ArchiveError { ArchiveError(archive, member: path, reason) }
        let isInfo = path.utf8.starts(with: "info/".utf8)
        if path.utf8.elementsEqual("info".utf8) {
            guard entry.kind == .directory else { throw refuse("'info' should be a directory") }
            return true
        }
        switch part {
        case .info:
            guard isInfo else { throw refuse("it lies outside info/, among the package's metadata") }
            if path.utf8.starts(with: Self.licenses.utf8) { try addLicense(entry) }
        case .payload:
            guard isInfo else { return false }
            guard path.utf8.starts(with: Self.licenses.utf8) || path.utf8.elementsEqual("info/licenses".utf8)
            else {
                throw refuse("it lies in info/, but not among the package's metadata")
            }
            try addLicense(entry)
        case .whole:
            guard isInfo else {
                if hasIndex, hasList, entry.kind != .directory { isPastInfo = true }
                return false
            }
            // One who reads the metadata alone stops at the payload. Builders leave recipe, tests and licenses
            // behind it: what they have there is in directories of info/.
            guard !isPastInfo || path.utf8.dropFirst("info/".utf8.count).contains(0x2f) else {
                throw refuse("it lies in info/, yet behind the payload, where not every reader looks for it")
            }
            switch path {
            case "info/index.json": hasIndex = true
            case "info/paths.json", "info/files": hasList = true
            default: break
            }
        }
        return isInfo
    }

    private mutating func addLicense(_ entry: TarEntry) throws(ArchiveError) {
        guard entry.kind != .directory else { return }
        guard licenseFiles.insert(entry.path.string).inserted else {
            throw ArchiveError(archive, member: entry.path.string, "both parts of the package have it")
        }
    }
}
