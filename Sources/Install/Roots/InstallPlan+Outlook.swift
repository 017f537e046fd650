import Bundle

/// What a plan says of a root and of hooks.
extension InstallPlan {
    /// What is likely to be taken from releases that are there; nil outside a root, where there are none, and where
    /// nothing is to be installed.
    public var forecast: SharingForecast? {
        isNeeded ? SharingForecast.make(request, bundle.manifest) : nil
    }

    /// The release that is current in the root; nil for none, and outside a root.
    public func currentRelease() throws -> String? {
        try request.root.flatMap { try ReleaseRoot.examine($0, name: bundle.manifest.name)?.current() }
    }

    /// The bundle's commands that would run, in their order.
    public var plannedHooks: [(kind: Manifest.Hooks.Kind, hook: Manifest.Hook)] {
        let kinds: [Manifest.Hooks.Kind]
        if request.root != nil {
            kinds = request.activates && request.activationHooks ? [.preActivate, .postActivate] : []
        } else {
            kinds = request.runsHooks(bundle.manifest) && isNeeded ? [.postInstall] : []
        }
        return kinds.flatMap { kind in
            (bundle.manifest.install.hooks?[kind] ?? []).map { (kind: kind, hook: $0) }
        }
    }
}
