import Bundle
import Failures

extension InstallPlan {
    /// Notes who brings which path; members that two archives bring alike are written once, and those that an
    /// override decides by the archive that it names. `airlift cut` and the installer call this with the same input.
    ///
    /// - Parameter overrides: with or without their paths; those of the result have them.
    public static func claim(
        wheels: inout [PackageContents], conda: inout [CondaContents], files: [Manifest.File],
        python: Manifest.Python, overrides: [Manifest.Override]
    ) throws -> PathClaims {
        var session = ClaimSession(wheels: wheels, conda: conda, overrides: overrides)
        try session.run(files: files, python: python)
        wheels = session.wheels
        conda = session.conda
        return session.claims
    }

    /// As above, for wheels alone.
    public static func claim(
        _ packages: inout [PackageContents], files: [Manifest.File], python: Manifest.Python
    ) throws -> PathClaims {
        var none: [CondaContents] = []
        return try claim(wheels: &packages, conda: &none, files: files, python: python, overrides: [])
    }

    /// What was decided while cutting is what is decided here: else another file than the manifest says would land.
    static func checkOverrides(_ claims: PathClaims, _ manifest: Manifest) throws {
        for (found, stated) in zip(claims.overrides, manifest.overrides)
        where stated.rule == Manifest.Override.clobberRule && found.paths != stated.paths ?? [] {
            let differing = Set(found.paths ?? []).symmetricDifference(stated.paths ?? []).min() ?? ""
            throw InstallError(
                .damaged,
                "the bundle is refused: where '\(stated.subject)' is installed over '\(stated.over ?? "")' is not what its manifest says, '\(differing)' for one; cut it again"
            )
        }
    }
}
