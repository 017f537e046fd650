import Bundle
import Install

/// What `plan --json` prints.
struct PlanDocument: Encodable {
    struct Existing: Encodable {
        let kind: String
        let name: String?
        let version: String?
    }

    struct Hook: Encodable {
        let kind: Manifest.Hooks.Kind
        let command: [String]
        let timeout: Int
    }

    /// Whether the release would become the current one; nil outside a root, as `current`, `root` and `shared`.
    let activates: Bool?
    let archives: Int
    let bytes: UInt64
    let changes: Bool
    let conflicts: [String]
    let current: String?
    let existing: Existing
    let files: Int
    let hooks: [Hook]
    let linkScripts: [LinkScript]
    let menus: [String]
    let name: String
    let prefix: String
    let requirements: [RequirementCheck]
    let root: String?
    let shared: SharingForecast?
    let version: String

    enum CodingKeys: String, CodingKey {
        case activates, archives, bytes, changes, conflicts, current, existing, files, hooks, menus, name
        case prefix, requirements, root, shared, version
        case linkScripts = "link_scripts"
    }

    init(_ plan: InstallPlan) throws {
        let manifest = plan.bundle.manifest
        activates = plan.request.root == nil ? nil : plan.request.activates
        archives = manifest.archives.count
        bytes = manifest.target.bytes
        changes = plan.isNeeded
        conflicts = plan.claims.conflicts.map(\.description)
        current = try plan.currentRelease()
        existing =
            switch plan.existing {
            case .absent: Existing(kind: "absent", name: nil, version: nil)
            case .empty: Existing(kind: "empty", name: nil, version: nil)
            case .foreign: Existing(kind: "foreign", name: nil, version: nil)
            case .environment(let record):
                Existing(kind: "environment", name: record.name, version: record.version)
            }
        files = plan.claims.pathCount
        hooks = plan.plannedHooks.map {
            Hook(kind: $0.kind, command: $0.hook.command, timeout: $0.hook.timeout)
        }
        linkScripts = plan.linkScripts
        menus = manifest.archives.flatMap { $0.menus ?? [] }
        name = manifest.name
        prefix = plan.request.prefix
        requirements = plan.requirements
        root = plan.request.root
        shared = plan.forecast
        version = manifest.version
    }
}
