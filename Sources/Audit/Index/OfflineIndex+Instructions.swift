import Bundle
import Digests
import Failures
import Wheels

/// The lists by which one command installs everything, and the words that say how.
extension OfflineIndex {
    private var title: String {
        let manifest = reader.manifest
        return "\(manifest.name) \(manifest.version) (\(manifest.platform)), bundle digest \(reader.digest)"
    }

    /// Exactly the wheels of the bundle, each with its hash.
    func requirements(_ archives: [Manifest.Archive]) -> [UInt8] {
        let lines = archives.filter { $0.kind == .wheel }.map {
            "\($0.name)==\($0.version) --hash=sha256:\($0.sha256)\n"
        }
        return Array("# \(title)\n\(lines.joined())".utf8)
    }

    /// Exactly the conda packages, in the order of installing (CEP 23).
    func explicit() -> [UInt8] {
        let lines = reader.manifest.archives.filter { $0.kind == .conda }.map { archive in
            let path = URLReference.escapedPath("conda/\(archive.subdir ?? "noarch")/\(archive.filename)")
            return "\(base)/\(path)#sha256:\(archive.sha256)\n"
        }
        return Array("# \(title)\n# platform: \(reader.manifest.platform)\n@EXPLICIT\n\(lines.joined())".utf8)
    }

    /// Commands for a person in the directory: what it is for, and the command.
    ///
    /// - Parameter place: how the commands name the directory: `.` in it.
    public static func commands(_ manifest: Manifest, place: String, url: String) -> [(
        use: String, line: String
    )] {
        var commands: [(String, String)] = []
        if manifest.archives.contains(where: { $0.kind == .conda }) {
            commands.append(("conda", "conda create --offline -p PREFIX --file \(place)/explicit.txt"))
            commands.append(("micromamba", "micromamba create --offline -p PREFIX -f \(place)/explicit.txt"))
        }
        if manifest.archives.contains(where: { $0.kind == .wheel }) {
            commands.append(
                (
                    "pip",
                    "pip --python PREFIX/bin/python install --no-deps --no-index --find-links \(place)/wheels --require-hashes -r \(place)/requirements.txt"
                ))
            commands.append(
                (
                    "uv",
                    "uv pip install --offline --no-deps --python PREFIX/bin/python --default-index \(url)/simple --require-hashes -r \(place)/requirements.txt"
                ))
        }
        return commands
    }

    func readme(_ summary: Summary) -> [UInt8] {
        let manifest = reader.manifest
        var text = """
            What is inside the bundle
              \(title)
            for other installers than Airlift's. Every byte was compared with the bundle's
            manifest. Nothing here is signed: signatures stay with the bundle.

            All commands are for this directory, offline; PREFIX is where the environment goes.

            """
        if let python = manifest.archives.first(where: { $0.kind == .python }) {
            let executable = manifest.python.executable ?? "bin/python3"
            let inner = executable.hasPrefix("base/") ? String(executable.dropFirst(5)) : executable
            text += """

                The interpreter, with which PREFIX is made (tar takes .tar.zst with --zstd):
                  mkdir base && tar -C base -xf python/\(python.filename)
                  base/\(inner) -m venv --without-pip PREFIX

                """
        } else if manifest.python.source == .host {
            text += """

                No interpreter is carried: PREFIX is a virtual environment of a Python \(manifest.python.minorVersion).

                """
        }
        for (use, line) in Self.commands(manifest, place: ".", url: "file://$PWD") {
            text += "\n\(use):\n  \(line)\n"
        }
        if summary.condaPackages > 0 {
            text += """

                As a channel, with any installer of conda packages (py-rattler, pixi, conda …):
                  conda create --offline -p PREFIX --override-channels -c "file://$PWD/conda" NAME …

                explicit.txt names the packages by
                  \(base)
                For another place, or after moving this directory:
                  sed "s|^\(base)/|file://$PWD/|" explicit.txt > here.txt

                """
        }
        if summary.wheels > 0 {
            text += """

                As an index, with any installer of wheels:
                  pip install --index-url "file://$PWD/simple" NAME

                """
        }
        text += """

            Over HTTP, from any static server:
              python3 -m http.server --directory . 8000
            gives the channel http://HOST:8000/conda and the index http://HOST:8000/simple/.

            """
        return Array(text.utf8)
    }
}
