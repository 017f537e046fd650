extension ReleaseRoot {
    /// The release to go back to: what was current before the current one, by the log, of what is still there; where
    /// the log knows none, the release with the next lower serial; nil where there is none.
    ///
    /// A release that was rolled back from does not count: going back twice leads further back, and never to it.
    public func previous() throws -> String? {
        guard let current = try current() else { return nil }
        let releases = try releases().filter { $0.record != nil }
        let usable = Set(releases.map(\.name))
        let before = Self.history(try log.entries(), current: current).dropLast()
        if let name = before.last(where: { usable.contains($0) && $0 != current }) { return name }
        guard let serial = releases.first(where: { $0.name == current })?.record?.serial else { return nil }
        return releases.first { ($0.record?.serial ?? serial) < serial }?.name
    }

    /// The releases that were current one after the other, each once, up to the current one.
    static func history(_ entries: [ActivationLog.Entry], current: String) -> [String] {
        var history: [String] = []
        for entry in entries {
            guard let version = entry.version else { continue }
            switch entry.event {
            case .activated:
                history.removeAll { $0 == version }
                history.append(version)
            case .rolledBack:
                if let place = history.lastIndex(of: version) {
                    history.removeSubrange((place + 1)...)
                } else {
                    if let from = entry.from, let place = history.lastIndex(of: from) {
                        history.removeSubrange(place...)
                    }
                    history.append(version)
                }
            case .installed, .removed, .repaired, .uninstalled, .activationFailed: break
            }
        }
        // A link that was set by hand is believed before the log is.
        if let place = history.lastIndex(of: current) {
            history.removeSubrange((place + 1)...)
        } else {
            history.append(current)
        }
        return history
    }
}
