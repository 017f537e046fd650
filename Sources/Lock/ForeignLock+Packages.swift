import Failures

extension ForeignLock {
    /// Exactly what the tool that wrote the lock would install, in the order of the file.
    /// - Parameter platform: conda's name, or the name that a pixi.lock gives.
    /// - Parameter environment: of a pixi.lock, `default` if nil; of a conda-lock.yml the categories beside `main`,
    ///   with commas between them.
    /// - Throws: all problems at once, each a ``LockError``: a platform or environment that the lock does not have,
    ///   what cannot be carried (source packages, editable ones), and packages that are named twice.
    public func packages(platform: String, environment: String? = nil) throws(FailureList) -> [Package] {
        let (subdir, members): (String, [Int])
        do { (subdir, members) = try self.members(platform, environment) } catch {
            throw FailureList([error])
        }
        var problems: [LockError] = []
        var result: [Package] = []
        var places: [String: Int] = [:]
        for index in members {
            switch entries[index] {
            case .refused(let reason, let line):
                problems.append(
                    LockError(file: file, line: line, reason: ForeignAddress.sentence(reason), kind: .refused)
                )
            case .package(let package):
                if let own = package.subdir, own != subdir, own != "noarch" {
                    problems.append(
                        LockError(
                            file: file, line: package.line,
                            reason: "'\(package.filename)' is for \(own), and \(subdir) is asked for"))
                }
                let key = "\(package.kind) \(package.name)"
                guard let place = places[key] else {
                    places[key] = result.count
                    result.append(package)
                    continue
                }
                if !result[place].absorb(package) {
                    problems.append(
                        LockError(
                            file: file, line: package.line,
                            reason:
                                "'\(package.name)' is locked twice for \(platform), as '\(package.filename)' "
                                + "here and as '\(result[place].filename)' on line \(result[place].line)"))
                }
            }
        }
        guard problems.isEmpty else { throw FailureList(problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) }) }
        return result
    }

    private func refusal(_ reason: String) -> LockError {
        LockError(file: file, reason: ForeignAddress.sentence(reason), kind: .refused)
    }

    private func members(_ platform: String, _ environment: String?) throws(LockError) -> (
        subdir: String, [Int]
    ) {
        switch format {
        case .explicit: return (platform, try explicitMembers(platform, environment))
        case .pixi:
            let chosen = try self.environment(environment ?? "default")
            let found = try self.platform(platform, in: chosen)
            return (found.subdir, chosen.members[found.name] ?? [])
        case .condaLock:
            let name = try self.platform(platform, in: nil).name
            var chosen: Set<Int> = []
            var categories = (environment ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
            if !categories.contains("main") { categories.append("main") }
            for category in categories
            where category != "main" || environments.contains(where: { $0.name == "main" }) {
                chosen.formUnion(try self.environment(category).members[name] ?? [])
            }
            return (name, chosen.sorted())
        }
    }

    private func environment(_ name: String) throws(LockError) -> Environment {
        guard let environment = environments.first(where: { $0.name == name }) else {
            let word = format == .condaLock ? "category" : "environment"
            throw refusal(
                "it has no \(word) '\(name)'; it has "
                    + (environments.isEmpty ? "none" : environments.map(\.name).joined(separator: ", "))
                    + Suggestion.text(for: name, among: environments.map(\.name)))
        }
        return environment
    }

    /// - Parameter environment: nil where all of them are for the same platforms.
    private func platform(_ text: String, in environment: Environment?) throws(LockError) -> Platform {
        let known = platforms.filter { environment?.members.keys.contains($0.name) ?? true }
        if let named = known.first(where: { $0.name == text }) { return named }
        let fitting = known.filter { $0.subdir == text }
        if fitting.count == 1 { return fitting[0] }
        let subject = environment.map { "the environment '\($0.name)'" } ?? "it"
        let names = known.map { $0.name == $0.subdir ? $0.name : "\($0.name) (\($0.subdir))" }
        if fitting.count > 1 {
            throw refusal(
                "\(subject) has several platforms of \(text): \(fitting.map(\.name).joined(separator: ", ")); make a "
                    + "lock in which one of them is for \(text)")
        }
        throw refusal(
            "\(subject) is not locked for \(text), but for \(names.isEmpty ? "no platform" : names.joined(separator: ", "))"
        )
    }

    private func explicitMembers(_ platform: String, _ environment: String?) throws(LockError) -> [Int] {
        if let environment {
            throw refusal("\(format) has no environments, and '\(environment)' is asked for; leave it out")
        }
        if !platforms.isEmpty, !platforms.contains(where: { $0.subdir == platform }) {
            throw refusal(
                "it is for \(platforms.map(\.subdir).joined(separator: ", ")), and \(platform) is asked for")
        }
        return Array(entries.indices)
    }
}

extension ForeignLock.Package {
    /// Takes what another line says of the same file; false if that is another file or contradicts it.
    fileprivate mutating func absorb(_ other: Self) -> Bool {
        guard location == other.location, sha256 == nil || other.sha256 == nil || sha256 == other.sha256,
            md5 == nil || other.md5 == nil || md5 == other.md5
        else { return false }
        sha256 = sha256 ?? other.sha256
        md5 = md5 ?? other.md5
        return true
    }
}
