import TestSupport
import Testing

/// conda packages and wheels beside each other.
@Suite struct InspectCondaTests {
    @Test func needsCrossTheKinds() throws {
        let workshop = try Workshop()
        let index = ToyIndex()
        let base = CondaPackageBuilder("base-lib", "1.0", "h0_0", files: [.file("lib/libbase.txt", "1\n")])
        let tool = CondaPackageBuilder(
            "tool", "2.0", "h1_1", files: [.file("share/tool.txt", "tool\n")]
        ) { $0.depends = ["base-lib >=1"] }
        let channel = try CondaChannelBuilder([base, tool]).write(to: workshop.scratch)
        try workshop.condaSpec(
            channels: [channel], dependencies: ["tool =2.0=h1_1", "base-lib =1.0=h0_0"],
            python: "host = \"\(Shared.minorVersion)\"", index: index.url,
            requirements: ["greeter==1.0", "shouter==2.0"])
        let bundle = try workshop.cut()
        for subject in [bundle, workshop.project] {
            let tree = try run([Product.airlift, "inspect", subject, "--tree"])
            #expect(
                tree.output == """
                    tool 2.0 (conda)
                    `-- base-lib 1.0 (conda)
                    greeter 1.0 (wheel)
                    `-- shouter 2.0 (wheel)

                    """, "\(tree.words)")
        }
        let files = try run([Product.airlift, "inspect", bundle, "--files", "Base_Lib"])
        #expect(files.output.contains("lib/libbase.txt") && files.output.contains("(conda), in the archive"))
        let table = try run([Product.airlift, "inspect", bundle, "--kind", "conda"])
        #expect(table.output.contains("h1_1") && table.output.contains("2 conda packages, 2 wheels"))
    }
}
