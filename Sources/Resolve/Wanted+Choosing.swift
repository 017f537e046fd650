import Digests
import Failures
import Lock
import Wheels

extension Wanted {
    /// Chooses the wheel of each project: of those with the pinned version, an allowed digest and a
    /// Requires-Python that admits the interpreter, the one with the most wanted tag, then the highest build
    /// number (PEP 425, 427). Source distributions are left out. A yanked file is taken, since its version is
    /// pinned (PEP 592), and noted.
    /// - Parameter files: what the index has of each project, the preferred index first.
    /// - Throws: all projects for which nothing fits, each with what there is.
    public func choose(from files: [ProjectName: [IndexFile]]) throws(FailureList) -> Selection {
        var wheels: [Selection.Wheel] = []
        var notices: [String] = []
        var problems: [any Failure] = []
        for project in projects {
            do throws(ResolveError) {
                let wheel =
                    if let direct = project.direct {
                        try judge(direct, for: project)
                    } else {
                        try choose(project, from: files[project.name] ?? [])
                    }
                wheels.append(wheel)
                if let yanked = wheel.indexFile?.yanked {
                    notices.append(
                        "\(project.name) \(project.version) was yanked\(yanked.isEmpty ? "" : ": \(yanked)"); "
                            + "it is taken because it is pinned")
                }
            } catch {
                problems.append(error)
            }
        }
        if !problems.isEmpty { throw FailureList(problems) }
        return Selection(target: target, wheels: wheels, notices: notices, constraints: constraints)
    }

    private func judge(_ direct: DirectWheel, for project: Project) throws(ResolveError) -> Selection.Wheel {
        guard target.tags.preference(of: direct.filename) != nil else {
            let candidates = Candidates(project, [], on: target)
            throw ResolveError(
                "'\(direct.location)'", project.places,
                "the wheel is for \(Candidates.tags([direct.filename])), and the target is \(target.words)"
                    + candidates.hint(for: [direct.filename]))
        }
        return Selection.Wheel(
            project: project, filename: direct.filename, location: direct.location,
            sha256: direct.isLocal ? nil : project.hashes.count == 1 ? project.hashes.first : nil, size: nil,
            indexFile: nil)
    }

    private func choose(_ project: Project, from files: [IndexFile]) throws(ResolveError) -> Selection.Wheel {
        let candidates = Candidates(project, files, on: target)
        let fitting = candidates.wheels.filter { candidates.refusal(of: $0) == nil }
        guard let best = target.tags.best(among: fitting.map(\.filename)),
            let chosen = fitting.first(where: { $0.filename == best })
        else {
            throw ResolveError("\(project.name) \(project.version)", project.places, candidates.explanation)
        }
        return Selection.Wheel(
            project: project, filename: chosen.filename, location: chosen.file.url,
            sha256: chosen.file.sha256,
            size: chosen.file.size, indexFile: chosen.file)
    }
}
