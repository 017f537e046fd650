import Archives
import Bundle
import Conda
import Digests
import Files

/// What cutting has to know of a conda package, found by reading all of it and enforcing its list of paths, as
/// installing will.
public struct CondaInspection: Codable, Hashable, Sendable {
    /// Files and links as they will be on disk, the installer's own left out.
    public let files: Int
    /// Bytes of them, as they are in the archive.
    public let bytes: UInt64
    public let license: String?
    /// When it was built: RFC 3339 in UTC.
    public let released: String?
    /// What runs without being called: link scripts, activation scripts, `.pth` files and site customisation.
    public let hooks: [String]
    /// Descriptions of menu items.
    public let menus: [String]
    /// Match specs, as the package says them.
    public let depends: [String]
    public let constrains: [String]
    /// `python` or `generic`.
    public let noarch: String?
    /// The version of the C library that its dependencies ask for.
    public let glibc: String?
    /// Paths with a set-id bit, which installing drops; empty where the archive was not read whole.
    public let setID: [String]

    /// What whoever cuts should know of, in sentences.
    public var notices: [String] { setID.map { "'\($0)' has a set-id bit, which is dropped" } }

    enum CodingKeys: String, CodingKey {
        case files, bytes, license, released, hooks, menus, depends, constrains, noarch, glibc
        case setID = "set_id"
    }

    /// Counts up when a package that was found sound may be judged otherwise.
    public static let version = 1

    /// Reads all of a conda package.
    /// - Parameters:
    ///   - overrides: of the spec; one of the rule `paths` for this package takes its payload as it is.
    ///   - isKnownSound: whether a package of this very SHA-256 was read whole before, with the same override or
    ///     lack of one: then its descriptions are enough.
    /// - Throws: errors that name the archive, or `FailureList` naming every fault.
    public static func run(
        _ archive: Manifest.Archive, in region: FileRegion, python: Manifest.Python,
        overrides: [Manifest.Override] = [], isKnownSound: Bool = false
    ) throws -> (CondaInspection, CondaContents) {
        let contents = try CondaContents.read(archive, in: region, python: python, overrides: overrides)
        let listed = contents.members.map { $0.entry.kind == .file ? $0.entry.size : 0 }
        guard !isKnownSound || listed.contains(nil) else {
            return (
                CondaInspection(contents, python, bytes: listed.reduce(0) { $0 + ($1 ?? 0) }, setID: []),
                contents
            )
        }
        let result = try CondaInstaller(contents: contents, tree: nil, prefix: "/", interpreter: "")
            .install { _ in }
        return (
            CondaInspection(
                contents, python, bytes: InstallPlan.bytes(of: result.files),
                setID: result.setID.map(\.string).sorted()), contents
        )
    }

    private init(_ contents: CondaContents, _ python: Manifest.Python, bytes: UInt64, setID: [String]) {
        files = contents.members.count { $0.entry.kind != .directory }
        self.bytes = bytes
        license = contents.info.license
        released = contents.info.index.released
        hooks = contents.hooks(python)
        menus = contents.info.menus
        depends = contents.info.index.depends
        constrains = contents.info.index.constrains
        noarch = contents.info.noarch?.rawValue
        glibc = contents.glibc
        self.setID = setID
    }
}
