import Files
import Glibc
import TestSupport
import Testing

/// Conda packages from a channel to a running application on a host with no network.
@Suite struct CondaFlightTests {
    /// With no network and the host's Pythons hidden, where this user may do that.
    private func isolated(_ command: [String], home: String) throws -> Outcome {
        let wrapped = Machine.mayMount ? ["sh", Product.root + "/installers/isolated.sh"] + command : command
        return try run(wrapped, environment: ["HOME": home])
    }

    @Test func fliesCondaPackagesAlone() throws {
        let channel = try LocalChannel.made()
        let workshop = try Workshop()
        try workshop.condaSpec(channels: [channel.path], dependencies: channel.pins)
        let bundle = try workshop.cut()
        let prefix = workshop.path + "/landing/payroll"
        let landed = try isolated(["sh", bundle, "-b", "-p", prefix], home: workshop.path)
        #expect(landed.code == 0, "\(landed.words)")

        let said = try isolated([prefix + "/bin/salute"], home: workshop.path)
        #expect(said.code == 0 && said.output.hasPrefix("Hello from \(prefix)"), "\(said.words)")
        let path = try isolated([prefix + "/bin/salute-path"], home: workshop.path)
        #expect(path.output == "\(prefix)\n", "\(path.words)")
        let activated = try run(["sh", "-c", ". '\(prefix)/bin/activate' && salute && deactivate && env"])
        #expect(activated.output.hasPrefix("Hello from \(prefix) airlift\n"), "\(activated.words)")
        #expect(!activated.output.contains("SALUTE_NAME"))

        let binary = try Tree.bytes(prefix + "/lib/salute.bin")
        let expected = Array("\u{7f}\0data\0\(prefix)/share:\(prefix)/lib\0".utf8)
        #expect(binary.starts(with: expected) && binary.suffix(4).elementsEqual("\u{1}end".utf8))
        let meta = try Tree.names(prefix + "/conda-meta").filter { $0.hasSuffix(".json") }
        #expect(meta == channel.packages.map { "\($0.name)-\($0.version)-\($0.build).json" }.sorted())
        let history = try Tree.text(prefix + "/conda-meta/history")
        #expect(history.contains("# update specs:") && history.contains("salute-1.0-pyh0_0"), "\(history)")

        let verified = try run([prefix + "/bin/salute", "x"], environment: ["HOME": workshop.path])
        #expect(verified.code == 0)
        let report = try run([Product.installer, "verify-install", prefix])
        #expect(report.code == 0, "\(report.words)")
        let again = try Shared.install(bundle, prefix, [])
        #expect(again.code == 0 && again.output.contains("already"), "\(again.words)")
        let removed = try run([Product.installer, "uninstall", "-p", prefix])
        #expect(removed.code == 0 && !Tree.exists(prefix), "\(removed.words)")
    }

    @Test func fliesBothKindsTogether() throws {
        let channel = try LocalChannel.made()
        let workshop = try Workshop()
        let index = ToyIndex()
        try workshop.condaSpec(
            channels: [channel.path], dependencies: channel.pins, index: index.url,
            requirements: ["greeter==1.0", "shouter==2.0"])
        let bundle = try workshop.cut()
        let prefix = workshop.path + "/landing/payroll"
        let landed = try isolated(["sh", bundle, "-b", "-t", "-p", prefix], home: workshop.path)
        #expect(landed.code == 0, "\(landed.words)")
        let ran = try isolated([prefix + "/bin/greet"], home: workshop.path)
        #expect(ran.output.contains("\"base_prefix\": \"\(prefix)\""), "\(ran.words)")
        let said = try isolated([prefix + "/bin/salute"], home: workshop.path)
        #expect(said.code == 0, "\(said.words)")
        // What a user has installed for herself stays out.
        let launcher = try Tree.text(prefix + "/bin/greet")
        #expect(launcher.hasPrefix("#!\(prefix)/bin/python\(Shared.minorVersion) -s\n"), "\(launcher)")
        let known = try run([
            prefix + "/bin/python", "-I", "-c",
            "import importlib.metadata as m; print(sorted(d.name for d in m.distributions()))",
        ])
        #expect(known.output == "['greeter', 'salute', 'shouter']\n", "\(known.words)")
        let report = try run([Product.installer, "verify-install", prefix])
        #expect(report.code == 0, "\(report.words)")
    }

    @Test func aWheelIsContentWithWhatACondaPackageBrings() throws {
        let channel = try LocalChannel.made()
        let workshop = try Workshop()
        for (needed, isMet) in [("salute >=1", true), ("salute >=3", false), ("parting", false)] {
            var caller = WheelBuilder("caller", "1.0")
            caller.requires = [needed]
            let index = ToyIndex([caller])
            try workshop.condaSpec(
                channels: [channel.path], dependencies: channel.pins, index: index.url,
                requirements: ["caller==1.0"])
            let lock = try workshop.airlift("lock", workshop.project)
            #expect((lock.code == 0) == isMet, "\(needed): \(lock.words)")
            if !isMet { #expect(lock.code == 8 && lock.errors.contains("caller"), "\(lock.words)") }
        }
    }

    @Test func byteCodeOfBothKindsTravelsAlong() throws {
        let channel = try LocalChannel.made()
        let workshop = try Workshop()
        let index = ToyIndex()
        try workshop.condaSpec(
            channels: [channel.path], dependencies: channel.pins, index: index.url,
            requirements: ["greeter==1.0", "shouter==2.0"], more: "[install]\nbytecode = \"bundle\"")
        let bundle = try workshop.cut()
        let verified = try workshop.airlift("verify", "--bytecode", bundle)
        #expect(verified.code == 0, "\(verified.words)")
        // From the store now, and the same.
        #expect(try Tree.digest(workshop.cut(to: workshop.path + "/again")) == Tree.digest(bundle))
        let prefix = workshop.path + "/landing/payroll"
        let landed = try Shared.install(bundle, prefix, [])
        #expect(landed.code == 0, "\(landed.words)")
        let site = "\(prefix)/lib/python\(Shared.minorVersion)/site-packages"
        for module in ["salute", "greeter"] {
            let compiled = try Tree.names("\(site)/\(module)/__pycache__")
            #expect(compiled.contains { $0.hasPrefix("__init__.") }, "\(module): \(compiled)")
        }
        let said = try run([prefix + "/bin/salute"])
        #expect(said.code == 0, "\(said.words)")
        let report = try run([Product.installer, "verify-install", prefix])
        #expect(report.code == 0, "\(report.words)")
    }

    @Test func theSameLockGivesTheSameBytes() throws {
        let channel = try LocalChannel.made()
        let workshop = try Workshop()
        try workshop.condaSpec(channels: ["file://" + channel.path], dependencies: channel.pins)
        let first = try Tree.digest(workshop.cut())
        let lock = try Tree.text(workshop.project + "/conda-lock.yml")
        workshop.environment["AIRLIFT_CACHE"] = workshop.path + "/another"
        let locked = try workshop.airlift("lock", workshop.project)
        #expect(locked.output.contains("(unchanged)"), "\(locked.words)")
        #expect(try Tree.text(workshop.project + "/conda-lock.yml") == lock)
        #expect(try Tree.digest(workshop.cut(to: workshop.path + "/elsewhere")) == first)
    }
}

/// A lock of another tool, taken as it is.
@Suite struct ForeignLockFlightTests {
    private func lands(_ lock: String, named name: String, environment: String? = nil) throws {
        let channel = try LocalChannel.made()
        let workshop = try Workshop()
        try workshop.scratch.write("payroll/\(name)", lock)
        try workshop.scratch.write(
            "payroll/bundle.toml",
            """
            name = "payroll"
            platforms = ["linux-64"]

            [target]
            glibc = "2.36"

            [lock]
            from = "\(name)"
            \(environment.map { "environment = \"\($0)\"" } ?? "")

            """)
        let bundle = try workshop.cut()
        let prefix = workshop.path + "/p"
        let landed = try Shared.install(bundle, prefix)
        #expect(landed.code == 0, "\(landed.words)")
        let said = try run([prefix + "/bin/salute"])
        #expect(said.output.hasPrefix("Hello from \(prefix)"), "\(said.words)")
        let meta = try Tree.names(prefix + "/conda-meta").filter { $0.hasSuffix(".json") }
        #expect(meta.count == channel.packages.count)
    }

    @Test(arguments: ["sha256", "md5"])
    func landsAnExplicitList(_ hash: String) throws {
        let channel = try LocalChannel.made()
        let lines = channel.packages.map { package in
            channel.url(package) + "#" + (hash == "md5" ? package.md5 : package.sha256)
        }
        try lands(
            "# platform: linux-64\n@EXPLICIT\n" + lines.joined(separator: "\n") + "\n", named: "explicit.txt")
    }

    @Test func landsACondaLock() throws {
        let channel = try LocalChannel.made()
        let packages = channel.packages.map { package in
            let depends = package.depends.map { text in
                let parts = text.split(separator: " ", maxSplits: 1)
                return "    \(parts[0]): '\(parts.count > 1 ? String(parts[1]) : "*")'\n"
            }.joined()
            return """
                - name: \(package.name)
                  version: '\(package.version)'
                  manager: conda
                  platform: linux-64
                  dependencies:\(depends.isEmpty ? " {}" : "")
                \(depends)  url: \(channel.url(package))
                  hash:
                    md5: \(package.md5)
                    sha256: \(package.sha256)
                  category: main
                  optional: false

                """
        }.joined()
        try lands(
            """
            version: 1
            metadata:
              content_hash:
                linux-64: \(String(repeating: "0", count: 64))
              channels:
              - url: file://\(channel.path)
                used_env_vars: []
              platforms:
              - linux-64
              sources:
              - environment.yml
            package:
            \(packages)
            """, named: "their-lock.yml")
    }

    private func pixi(_ version: Int) throws -> String {
        let channel = try LocalChannel.made()
        let list = channel.packages.map { "      - conda: \(channel.url($0))\n" }.joined()
        let details = channel.packages.map { package in
            let depends = package.depends.map { "  - '\($0)'\n" }.joined()
            let head =
                version < 6
                ? """
                - kind: conda
                  name: \(package.name)
                  version: '\(package.version)'
                  build: '\(package.build)'
                  build_number: 0
                  subdir: \(package.subdir)
                  url: \(channel.url(package))
                """ : "- conda: \(channel.url(package))"
            return """
                \(head)
                  sha256: \(package.sha256)
                  md5: \(package.md5)
                  \(depends.isEmpty ? "depends: []" : "depends:")
                \(depends)  size: \(package.size)

                """
        }.joined()
        let platforms = version < 7 ? "" : "platforms:\n- name: linux-64\n"
        return """
            version: \(version)
            \(platforms)environments:
              default:
                channels:
                - url: file://\(channel.path)/
                packages:
                  linux-64:
            \(list)packages:
            \(details)
            """
    }

    @Test(arguments: 4...7) func landsAPixiLock(_ version: Int) throws {
        try lands(pixi(version), named: "pixi.lock", environment: "default")
    }
}
