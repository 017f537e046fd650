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
            Examples:
              sh payroll-2026.11.21-linux-64.sh plan -p /opt/payroll
              sh payroll-2026.11.21-linux-64.sh plan --root /opt/payroll

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
        let document = try PlanDocument(plan)
        try output.document("plan", document)
        render(plan, document)
        do { try plan.check() } catch let failure as any Failure {
            if !output.json {
                for line in failure.description.split(separator: "\n") { output.complain(String(line)) }
            }
            throw ExitCode(failure.kind.rawValue)
        }
    }

    private func render(_ plan: InstallPlan, _ document: PlanDocument) {
        let manifest = plan.bundle.manifest
        output.tell("\(Style.bold("\(manifest.name) \(manifest.version)")) into \(plan.request.prefix)")
        switch plan.existing {
        case .absent, .empty: output.tell("  nothing is there yet")
        case .foreign: output.tell("  what is there was not made by Airlift")
        case .environment(let record):
            output.tell(
                !plan.isNeeded
                    ? "  this environment is there already: nothing to do"
                    : "  \(record.name) \(record.version) is there and would be kept as \(plan.request.prefix).airlift-old"
            )
        }
        output.tell(
            "  \(manifest.archives.count) archives, \(plan.claims.pathCount) files in \(plan.claims.directoryCount) directories, \(ByteCount.text(manifest.target.bytes))"
        )
        if let shared = document.shared, shared.archives > 0 {
            output.tell(
                "  \(shared.archives) of these archives are in releases that are there: \(shared.files) files (\(ByteCount.text(shared.bytes))) can be shared with them"
            )
        }
        for (kind, hook) in plan.plannedHooks {
            output.tell("  \(kind.rawValue) hook: \(hook.words.printable)")
        }
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
