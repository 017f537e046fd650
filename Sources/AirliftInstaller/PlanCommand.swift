import ArgumentParser
import Bundle
import Console
import Digests
import Failures
import Install

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract:
            "Say what an installation would do, and whether this host meets the requirements; write nothing.",
        discussion: """
            Example:
              sh payroll-2026.11.21-linux-64.sh plan -p /opt/payroll

            Exit code 0 when the installation could go ahead, else that with which it
            would fail.
            """)

    @OptionGroup var source: BundleArgument
    @OptionGroup var target: TargetOptions
    @OptionGroup var trust: TrustOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let bundle = try target.open(source.path, trust, output)
        let plan = try InstallPlan.make(
            bundle, target.request(prefix: target.chosenPrefix(bundle.manifest), trust))
        try output.document("plan", PlanDocument(plan))
        render(plan)
        do { try plan.check() } catch let failure as any Failure {
            if !output.json {
                for line in failure.description.split(separator: "\n") { say("airlift-installer: \(line)") }
            }
            throw ExitCode(failure.kind.rawValue)
        }
    }

    private func render(_ plan: InstallPlan) {
        let manifest = plan.bundle.manifest
        output.tell("\(Style.bold("\(manifest.name) \(manifest.version)")) into \(plan.request.prefix)")
        switch plan.existing {
        case .absent, .empty: output.tell("  nothing is there yet")
        case .foreign: output.tell("  what is there was not made by Airlift")
        case .environment(let record):
            output.tell(
                plan.isNeeded
                    ? "  \(record.name) \(record.version) is there and would be kept as \(plan.request.prefix).airlift-old"
                    : "  this environment is there already: nothing to do")
        }
        output.tell(
            "  \(manifest.archives.count) archives, \(plan.claims.pathCount) files in \(plan.claims.directoryCount) directories, \(ByteCount.text(manifest.target.bytes))"
        )
        if let python = plan.interpreterWords { output.tell("  \(python)") }
        for line in plan.switchWords { output.tell("  \(line)") }
        for line in plan.trust.lines(prefix: plan.request.root ?? plan.request.prefix) {
            output.tell("  \(line)")
        }
        for script in plan.linkScripts { output.tell("  link script: \(script.words)") }
        for check in plan.requirements {
            let mark = check.met ? Style.green("met") : Style.red("NOT MET")
            output.tell("  \(mark): \(check.name) should be \(check.needed), found \(check.found)")
        }
        for conflict in plan.claims.conflicts { output.tell("  \(Style.red("conflict")): \(conflict)") }
        for (a, b) in plan.claims.caseCollisions {
            output.tell("  \(Style.yellow("note")): '\(a)' and '\(b)' differ by case only")
        }
    }
}

extension InstallPlan {
    /// The interpreter, in words.
    var interpreterWords: String? {
        let python = bundle.manifest.python
        switch python.source {
        case .host: return "Python \(python.version) of this host"
        default: return "\(python.implementation) \(python.version), carried (\(python.source.rawValue))"
        }
    }
}

/// What `plan --json` prints.
private struct PlanDocument: Encodable {
    struct Existing: Encodable {
        let kind: String
        let name: String?
        let version: String?
    }

    let archives: Int
    let bytes: UInt64
    let changes: Bool
    let conflicts: [String]
    let existing: Existing
    let files: Int
    let linkScripts: [LinkScript]
    let menus: [String]
    let name: String
    let prefix: String
    let requirements: [RequirementCheck]
    let version: String

    enum CodingKeys: String, CodingKey {
        case archives, bytes, changes, conflicts, existing, files, menus, name, prefix, requirements, version
        case linkScripts = "link_scripts"
    }

    init(_ plan: InstallPlan) {
        let manifest = plan.bundle.manifest
        archives = manifest.archives.count
        bytes = manifest.target.bytes
        changes = plan.isNeeded
        conflicts = plan.claims.conflicts.map(\.description)
        existing =
            switch plan.existing {
            case .absent: Existing(kind: "absent", name: nil, version: nil)
            case .empty: Existing(kind: "empty", name: nil, version: nil)
            case .foreign: Existing(kind: "foreign", name: nil, version: nil)
            case .environment(let record):
                Existing(kind: "environment", name: record.name, version: record.version)
            }
        files = plan.claims.pathCount
        linkScripts = plan.linkScripts
        menus = manifest.archives.flatMap { $0.menus ?? [] }
        name = manifest.name
        prefix = plan.request.prefix
        requirements = plan.requirements
        version = manifest.version
    }
}
