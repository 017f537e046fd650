import Digests
import Lock
import Wheels

/// What an index has of a project, judged for one pin; and the words for it where nothing fits.
struct Candidates {
    enum Refusal: Hashable {
        case tags
        case python
        case digest
    }
    struct Wheel {
        let file: IndexFile
        let filename: WheelFilename
    }

    let project: Wanted.Project
    let target: Target
    /// Of the pinned version.
    let wheels: [Wheel]
    let versions: Set<PythonVersion>
    let hasSource: Bool
    let isEmpty: Bool

    init(_ project: Wanted.Project, _ files: [IndexFile], on target: Target) {
        self.project = project
        self.target = target
        isEmpty = files.isEmpty
        var wheels: [Wheel] = []
        var versions: Set<PythonVersion> = []
        var hasSource = false
        for file in files {
            if let filename = try? WheelFilename(file.filename) {
                guard filename.distribution == project.name else { continue }
                versions.insert(filename.version)
                if filename.version == project.version {
                    wheels.append(Wheel(file: file, filename: filename))
                }
            } else if let version = Self.sourceVersion(file.filename, of: project.name) {
                versions.insert(version)
                hasSource = hasSource || version == project.version
            }
        }
        self.wheels = wheels
        self.versions = versions
        self.hasSource = hasSource
    }

    /// `name-version.tar.gz` or `.zip` (PEP 625, and older names with `-` in the name).
    private static func sourceVersion(_ filename: String, of name: ProjectName) -> PythonVersion? {
        for suffix in [".tar.gz", ".zip", ".tar.bz2"] where filename.hasSuffix(suffix) {
            let stem = filename.dropLast(suffix.utf8.count)
            for dash in stem.indices where stem[dash] == "-" {
                if let prefix = try? ProjectName(stem[..<dash]), prefix == name,
                    let version = try? PythonVersion(stem[stem.index(after: dash)...])
                {
                    return version
                }
            }
        }
        return nil
    }

    /// Why the wheel is not taken; nil if it can be.
    func refusal(of wheel: Wheel) -> Refusal? {
        if target.tags.preference(of: wheel.filename) == nil { return .tags }
        if let python = wheel.file.requiresPython, !python.contains(target.python) { return .python }
        if !project.hashes.isEmpty, let digest = wheel.file.sha256, !project.hashes.contains(digest) {
            return .digest
        }
        return nil
    }
}
