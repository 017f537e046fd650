import Bundle
import Lock
import Wheels

extension Policy {
    /// Every rule of the policy that one package violates, exceptions left aside.
    func violations(
        of package: PackageSet.Package, in subject: PolicySubject, on date: CalendarDate
    ) -> [PolicyViolation] {
        var found: [PolicyViolation] = []
        func add(_ rule: PolicyRule, _ detail: String?) {
            guard let detail else { return }
            found.append(PolicyViolation(rule: rule.rawValue, package: package.name, detail: detail))
        }
        if subject.knowsContents {
            for (rule, detail) in licenseFaults(package) { add(rule, detail) }
        }
        switch package.kind {
        case .conda: add(.channels, spec.channels.flatMap { channelFault(package, $0) })
        case .wheel:
            add(.indexes, spec.indexes.flatMap { indexFault(package, $0) })
            if !spec.allowsSdists, (try? WheelFilename(package.filename)) == nil {
                add(.sdists, "'\(package.filename)' is no wheel")
            }
        case .python: break
        }
        if let limit = spec.maxArchiveSize, let size = package.size, size > limit {
            add(
                .maxArchiveSize,
                "'\(package.filename)' has \(Self.bytes(size)), and \(Self.bytes(limit)) are allowed")
        }
        for (rule, detail) in ageFaults(package, on: date) { add(rule, detail) }
        if !spec.allowsLinkScripts, package.kind == .conda, subject.linkScripts.contains(package.name) {
            add(.linkScripts, "its link scripts run on the target")
        }
        if !spec.allowsHooks {
            let hooks = (package.hooks ?? []).filter { !$0.hasPrefix("link script ") }
            if let first = hooks.first {
                let more = hooks.count > 1 ? " and \(hooks.count - 1) more" : ""
                add(.hooks, "it brings what runs without being called: '\(first)'\(more)")
            }
        }
        return found
    }

    private func licenseFaults(_ package: PackageSet.Package) -> [(PolicyRule, String)] {
        let statement = LicenseStatement(text: package.license, source: package.licenseSource)
        guard let expression = statement.expression else {
            guard refusesUnknownLicenses else { return [] }
            guard let text = statement.text else { return [(.unknownLicense, "it states no licence")] }
            return [(.unknownLicense, "'\(text)' names no licence exactly")]
        }
        let shown = "'\(expression)'\(statement.isFromClassifiers ? " (by its classifiers)" : "")"
        var faults: [(PolicyRule, String)] = []
        if !licenses.isFreeOfDenied(expression) {
            faults.append((.deny, "\(shown) cannot be had without what is denied: \(list(licenses.deny))"))
        }
        if !licenses.isAllowed(expression) {
            faults.append((.allow, "\(shown) is not among what is allowed: \(list(licenses.allow))"))
        } else if faults.isEmpty, !licenses.isAcceptable(expression) {
            faults.append((.allow, "\(shown) has no alternative that is allowed and not denied"))
        }
        return faults
    }

    private func list(_ expressions: [SPDXExpression]) -> String {
        expressions.map(\.description).joined(separator: ", ")
    }

    private func channelFault(_ package: PackageSet.Package, _ allowed: [String]) -> String? {
        let address = PackageAddress(url: package.url, channel: package.channel)
        guard !address.isOfTheProject, !allowed.contains(where: address.isOfChannel) else { return nil }
        return "it comes from \(address.words), and the channels allowed are \(Self.clean(allowed))"
    }

    private func indexFault(_ package: PackageSet.Package, _ allowed: [String]) -> String? {
        let address = PackageAddress(url: package.url, channel: nil)
        guard !address.isOfTheProject, !allowed.contains(where: address.isOfIndex) else { return nil }
        return "it comes from \(address.words), and the indexes allowed are \(Self.clean(allowed))"
    }

    private static func clean(_ places: [String]) -> String {
        places.isEmpty ? "none" : places.map(CleanLocation.of).joined(separator: ", ")
    }

    /// Upstream's releases alone have an age: what the project brings itself and says nothing of is left out.
    private func ageFaults(_ package: PackageSet.Package, on date: CalendarDate) -> [(PolicyRule, String)] {
        guard package.kind != .python, spec.minAge != nil || spec.maxAge != nil else { return [] }
        guard let released = package.released, let day = CalendarDate(rfc3339: released) else {
            guard !PackageAddress(url: package.url, channel: package.channel).isOfTheProject else {
                return []
            }
            let rules = [spec.minAge.map { _ in PolicyRule.minAge }, spec.maxAge.map { _ in .maxAge }]
            return rules.compactMap { $0 }.map { ($0, "when it was released is not known") }
        }
        let age = date.dayNumber - day.dayNumber
        let words = "it was released on \(day.text), \(Self.days(age)) before \(date.text)"
        var faults: [(PolicyRule, String)] = []
        if let least = spec.minAge, age < least {
            faults.append((.minAge, "\(words), and at least \(Self.days(least)) are asked for"))
        }
        if let most = spec.maxAge, age > most {
            faults.append((.maxAge, "\(words), and at most \(Self.days(most)) are allowed"))
        }
        return faults
    }

    private static func days(_ count: Int) -> String { count == 1 ? "1 day" : "\(count) days" }
}

extension PolicySpec.Exception {
    /// Whether the name is the package's; `-`, `_` and `.` are one character to Python's packages, and to those
    /// who write policies.
    func covers(_ name: String) -> Bool {
        func normalized(_ text: String) -> String {
            (try? ProjectName(text))?.normalized ?? text.lowercased()
        }
        return normalized(package) == normalized(name)
    }
}
