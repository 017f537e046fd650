import Bundle

extension InstallPlan {
    /// Checks what the installation takes nothing from (stub, spec, lock, bills of materials, signatures): a bundle
    /// that is damaged anywhere did not arrive as it was sent, and is not installed.
    ///
    /// What is installed is checked while it is written. The installer, by far the largest of the others, is checked
    /// where it may be kept: in a root.
    func checkUnread() throws {
        let manifest = bundle.manifest
        var read = Set(manifest.archives.map(\.path) + manifest.files.map(\.source))
        read.formUnion(derivedEntries.map(\.path))
        if request.root == nil { read.insert(manifest.installerPath) }
        try bundle.verify(otherThan: read, jobs: request.jobs)
    }
}
