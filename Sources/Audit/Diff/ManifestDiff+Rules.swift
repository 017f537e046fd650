import Failures

extension ManifestDiff {
    /// Judges the rules of `--fail-on` and notes those that were hit.
    ///
    /// - Parameters:
    ///   - from: the side that the diff was made from, with its signers where they are known.
    ///   - to: as `from`.
    /// - Throws: `DiffRuleError` for a rule that one side does not tell enough for. Silence is no consent.
    public mutating func judge(_ rules: [DiffRule], from: PackageSet, to: PackageSet) throws {
        var failed: [FailedRule] = []
        for rule in rules {
            if let reason = whyUnknown(rule, from, to) { throw DiffRuleError(rule.description, reason) }
            let reasons = reasons(rule, from, to)
            if !reasons.isEmpty { failed.append(FailedRule(rule: rule.description, reasons: reasons)) }
        }
        self.failed = failed
    }

    private func reasons(_ rule: DiffRule, _ from: PackageSet, _ to: PackageSet) -> [String] {
        switch rule.meaning {
        case .alarm(.unsigned):
            let count = to.signers?.count ?? 0
            guard count < to.signersNeeded else { return [] }
            return [
                count == 0
                    ? "\(to.title) carries no signature that counts"
                    : "\(to.title) carries \(count) of the \(to.signersNeeded) signatures that it needs"
            ]
        case .alarm(let kind):
            return alarms.filter { $0.alarm == kind }.map { "\($0.subject) \($0.sentence)" }
        case .license(nil): return newLicenses(from)
        case .license(let denied?):
            let rules = LicenseRules(allow: [], deny: [denied])
            return incoming.compactMap { name, statement in
                guard let expression = statement.expression, !rules.isFreeOfDenied(expression) else {
                    return nil
                }
                return "\(name) is under \(expression)"
            }
        case .unknownLicense:
            return incoming.compactMap { name, statement in
                guard statement.expression == nil else { return nil }
                return "\(name) states \(statement.text.map { "'\($0)'" } ?? "no licence")"
            }
        case .any:
            return isSame ? [] : ["\(to.title) is not the same as \(from.title)"]
        }
    }

    /// Packages that came or changed, with what they say of their licences.
    private var incoming: [(name: String, LicenseStatement)] {
        packages.compactMap { change in
            guard let to = change.to, change.kind != .python, change.bringsBytes || change.hasOtherLicense
            else { return nil }
            return (change.name, LicenseStatement(text: to.license, source: to.licenseSource))
        }
    }

    /// Licences that changed, and those of added packages that no package had before.
    private func newLicenses(_ from: PackageSet) -> [String] {
        func text(_ package: PackageSet.Package) -> String {
            let statement = LicenseStatement(text: package.license, source: package.licenseSource)
            return statement.expression?.description ?? statement.text ?? "no licence"
        }
        let known = Set(from.packages.map(text))
        return packages.compactMap { change in
            guard let new = change.to, change.kind != .python else { return nil }
            guard let old = change.from else {
                return known.contains(text(new)) ? nil : "\(change.name) brings \(text(new))"
            }
            return text(old) == text(new)
                ? nil : "\(change.name) goes from \(text(old)) to \(text(new))"
        }
    }

    private func whyUnknown(_ rule: DiffRule, _ from: PackageSet, _ to: PackageSet) -> String? {
        func silent(_ set: PackageSet, _ what: String) -> String { "\(set.title) does not tell \(what)" }
        switch rule.meaning {
        case .alarm(.newHook), .alarm(.newNativeLibrary):
            guard let unread else { return "the files were not compared" }
            let names = unread.map { "\($0.name): \($0.reason)" }
            return names.isEmpty
                ? nil : "the files of some packages are not known (\(names.joined(separator: "; ")))"
        case .alarm(.signer):
            return (from.signers == nil ? from : to.signers == nil ? to : nil).map {
                silent($0, "who signed it")
            }
        case .alarm(.override):
            return (from.overrides == nil ? from : to.overrides == nil ? to : nil).map {
                silent($0, "which rules it departs from")
            }
        case .alarm(.policy):
            return (from.violations == nil ? from : to.violations == nil ? to : nil).map {
                silent($0, "what a policy said")
            }
        case .license(nil):
            return (!from.tellsLicenses ? from : !to.tellsLicenses ? to : nil).map { silent($0, "licences") }
        case .license, .unknownLicense: return to.tellsLicenses ? nil : silent(to, "licences")
        case .alarm, .any: return nil
        }
    }
}

extension PackageChange {
    var hasOtherLicense: Bool { details.contains { $0.subject == .license } }
}
