import Bundle
import Console
import Failures
import Install

extension InstallCommand {
    /// What an installation into a root did, in words.
    func reportRelease(_ outcome: InstallOutcome, _ trust: JudgedTrust, root: String) {
        let record = outcome.record
        let name = Style.bold("\(record.name) \(record.version)")
        if outcome.changed {
            output.tell(
                "Installed \(name) at \(record.prefix): \(outcome.files) files, \(ByteCount.text(outcome.bytes))."
            )
        } else {
            output.tell("\(record.name) \(record.version) is in place at \(record.prefix) already.")
        }
        if let sharing = outcome.sharing { tell(sharing, outcome) }
        if outcome.changed || outcome.trustChanged {
            trust.lines(prefix: root).forEach { output.tell($0) }
        }
        for notice in outcome.notices { output.tell("Note: \(notice).") }
        for script in outcome.linkScripts {
            output.tell(
                "Ran the \(script.action.rawValue) script of \(script.package); what it wrote is in \(record.prefix)/\(script.log)."
            )
            for line in script.messages.split(separator: "\n") { output.tell("  \(line)") }
        }
        guard let switched = outcome.switched else {
            output.tell("What is current was left as it is.")
            return
        }
        output.tell(switched)
        if outcome.changed || switched.changed {
            output.tell("Activate it with: . \(root)/current/\(outcome.activation)")
        }
    }
}

extension InstallCommand {
    private func tell(_ sharing: SharingTally, _ outcome: InstallOutcome) {
        let (saved, written) = (sharing.saved, outcome.bytes - min(sharing.saved, outcome.bytes))
        output.tell(
            "\(sharing.linked.files + sharing.cloned.files) of them (\(ByteCount.text(saved))) are shared with the releases that were there; \(ByteCount.text(written)) were written."
        )
        output.detail(
            "\(sharing.archives) archives were not unpacked: \(sharing.linked.files) files got a second name, \(sharing.cloned.files) were cloned, \(sharing.copied.files) copied, \(sharing.rewritten.files) made anew with the prefix in them"
        )
    }
}

extension OutputOptions {
    /// What a switch of `current` did, in words.
    func tell(_ switched: ActivationOutcome) {
        guard switched.changed else {
            tell("\(switched.version) is the current release already; nothing was changed.")
            return
        }
        for path in switched.seeded { detail("state/\(path.printable) was put in place") }
        for hook in switched.hooks {
            tell("Ran the \(hook.kind.rawValue) hook: \(hook.command.joined(separator: " ").printable)")
            for line in hook.output { tell("  \(line.printable)") }
        }
        tell(
            "\(Style.bold(switched.version)) is the current release now\(switched.from.map { ", instead of \($0)" } ?? "")."
        )
    }
}

extension InstallPlan {
    /// What would become of `current`, in words; none for a prefix of its own.
    var switchWords: [String] {
        guard let path = request.root else { return [] }
        let current = try? ReleaseRoot.open(path).current()
        let version = bundle.manifest.version
        if current == version { return ["it is the current release"] }
        let now = current.map { "\($0) is the current release" } ?? "no release is current"
        return [request.activates ? "\(now); this one would be then" : "\(now); that would not change"]
    }
}
