extension MatchSpec {
    /// Whether the record is what is asked for. A version that is none matches only where any will do.
    public func matches(_ record: PackageRecord) -> Bool {
        guard matchesApartFromVersion(record) else { return false }
        if version.isAny { return true }
        guard let version = try? CondaVersion(record.version) else { return false }
        return self.version.matches(version)
    }

    /// - Parameter version: the record's own, which the caller keeps.
    public func matches(_ record: PackageRecord, version: CondaVersion) -> Bool {
        matchesApartFromVersion(record) && self.version.matches(version)
    }

    private func matchesApartFromVersion(_ record: PackageRecord) -> Bool {
        func holds(_ pattern: MatchSpecPattern?, _ value: String?) -> Bool {
            guard let pattern else { return true }
            return value.map(pattern.matches) ?? false
        }
        guard name.matches(record.name), holds(build, record.build),
            buildNumber?.matches(record.buildNumber) ?? true
        else { return false }
        return holds(subdir, record.subdir) && matchesChannel(record.channel) && holds(url, record.url)
            && holds(filename, record.filename) && holds(md5, record.md5) && holds(sha256, record.sha256?.hex)
            && holds(license, record.license) && holds(licenseFamily, record.licenseFamily)
            && (trackFeatures.map { $0 == record.trackFeatures.sorted() } ?? true)
            && flags.allSatisfy { flag in record.flags.contains(where: flag.matches) }
            && (features.map { $0 == Self.words(record.features ?? "") } ?? true)
    }

    /// A bare name means a channel whose address ends with it: which host it is on, the caller's channels say.
    private func matchesChannel(_ address: String?) -> Bool {
        guard let channel else { return true }
        guard var address = address.map(MatchSpecAddress.normalised) else { return false }
        guard let wanted = channel.exactText else {
            return channel.matches(address)
                || address.split(separator: "/").last.map { channel.matches(String($0)) } ?? false
        }
        address = address.asciiLowered
        let expected = MatchSpecAddress.normalised(wanted).asciiLowered
        let isAddress = expected.contains("://") || expected.hasPrefix("/") || expected.hasPrefix(".")
        return address == expected || !isAddress && address.hasSuffix("/" + expected)
    }

    /// Separated by commas or spaces, in alphabetical order.
    static func words(_ text: String) -> [String] {
        text.split { $0 == "," || $0 == " " }.map(String.init).sorted()
    }
}
