import Testing
import Wheels

@Suite("Tags that a target takes")
struct TargetTagsTests {
    func tags(
        _ python: String = "3.12", freeThreaded: Bool = false, _ subdir: String = "linux-64",
        _ baseline: TargetTags.Baseline = .glibc(2, 28)
    ) throws -> TargetTags {
        try TargetTags(
            cpython: version(python), freeThreaded: freeThreaded, platform: TargetPlatform(subdir: subdir),
            baseline: baseline)
    }

    @Test func theOrderIsThatOfPackaging() throws {
        let list = try tags("3.3", "linux-64", .glibc(2, 5)).tags.map(\.description)
        #expect(
            list == [
                "cp33-cp33-linux_x86_64", "cp33-cp33-manylinux_2_5_x86_64", "cp33-cp33-manylinux1_x86_64",
                "cp33-abi3-linux_x86_64", "cp33-abi3-manylinux_2_5_x86_64", "cp33-abi3-manylinux1_x86_64",
                "cp33-none-linux_x86_64", "cp33-none-manylinux_2_5_x86_64", "cp33-none-manylinux1_x86_64",
                "cp32-abi3-linux_x86_64", "cp32-abi3-manylinux_2_5_x86_64", "cp32-abi3-manylinux1_x86_64",
                "py33-none-linux_x86_64", "py33-none-manylinux_2_5_x86_64", "py33-none-manylinux1_x86_64",
                "py3-none-linux_x86_64", "py3-none-manylinux_2_5_x86_64", "py3-none-manylinux1_x86_64",
                "py32-none-linux_x86_64", "py32-none-manylinux_2_5_x86_64", "py32-none-manylinux1_x86_64",
                "py31-none-linux_x86_64", "py31-none-manylinux_2_5_x86_64", "py31-none-manylinux1_x86_64",
                "py30-none-linux_x86_64", "py30-none-manylinux_2_5_x86_64", "py30-none-manylinux1_x86_64",
                "cp33-none-any", "py33-none-any", "py3-none-any", "py32-none-any", "py31-none-any",
                "py30-none-any",
            ])
    }

    @Test(
        "CPython 3.12 on linux-64 with glibc 2.28 takes",
        arguments: [
            "a-1-cp312-cp312-manylinux_2_28_x86_64.whl",
            "a-1-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
            "a-1-cp37-abi3-manylinux2010_x86_64.whl", "a-1-cp312-cp312-manylinux1_x86_64.whl",
            "a-1-py3-none-any.whl",
            "a-1-py2.py3-none-manylinux_2_12_x86_64.whl", "a-1-cp312-none-any.whl", "a-1-py311-none-any.whl",
            "a-1-cp312-cp312-linux_x86_64.whl",
        ])
    func takes(name: String) throws {
        #expect(try tags().preference(of: WheelFilename(name)) != nil)
    }

    @Test(
        "and does not take",
        arguments: [
            "a-1-cp312-cp312-manylinux_2_29_x86_64.whl", "a-1-cp311-cp311-manylinux_2_17_x86_64.whl",
            "a-1-cp313-abi3-manylinux_2_17_x86_64.whl", "a-1-cp312-cp312-manylinux_2_17_aarch64.whl",
            "a-1-cp312-cp312-musllinux_1_2_x86_64.whl", "a-1-cp312-cp312-win_amd64.whl",
            "a-1-py2-none-any.whl",
            "a-1-cp312-cp312t-manylinux_2_17_x86_64.whl", "a-1-py313-none-any.whl",
            "a-1-cp312-cp312d-linux_x86_64.whl",
        ])
    func refuses(name: String) throws {
        #expect(try tags().preference(of: WheelFilename(name)) == nil)
    }

    @Test func freeThreadedBuildsTakeTheirOwnABI() throws {
        let free = try tags("3.14", freeThreaded: true)
        #expect(try free.preference(of: WheelFilename("a-1-cp314-cp314t-manylinux_2_17_x86_64.whl")) != nil)
        #expect(try free.preference(of: WheelFilename("a-1-py3-none-any.whl")) != nil)
        for other in ["a-1-cp314-cp314-manylinux_2_17_x86_64.whl", "a-1-cp37-abi3-manylinux_2_17_x86_64.whl"]
        {
            #expect(try free.preference(of: WheelFilename(other)) == nil)
            #expect(try tags("3.14").preference(of: WheelFilename(other)) != nil)
        }
    }

    @Test(
        "other platforms",
        arguments: [
            (
                "linux-aarch64", TargetTags.Baseline.glibc(2, 17), "manylinux2014_aarch64",
                "manylinux2010_aarch64"
            ),
            ("linux-64", .musl(1, 2), "musllinux_1_1_x86_64", "manylinux_2_17_x86_64"),
            ("osx-arm64", .macOS(14, 2), "macosx_11_0_arm64", "macosx_10_9_x86_64"),
            ("osx-arm64", .macOS(14, 2), "macosx_10_9_universal2", "macosx_15_0_arm64"),
            ("osx-64", .macOS(12, 0), "macosx_10_9_x86_64", "macosx_11_0_arm64"),
            ("win-64", .windows, "win_amd64", "win32"), ("win-32", .windows, "win32", "win_amd64"),
        ])
    func platforms(subdir: String, baseline: TargetTags.Baseline, taken: String, refused: String) throws {
        let target = try tags("3.12", subdir, baseline)
        #expect(try target.preference(of: WheelFilename("a-1-cp312-cp312-\(taken).whl")) != nil)
        #expect(try target.preference(of: WheelFilename("a-1-cp312-cp312-\(refused).whl")) == nil)
    }

    @Test func theBestWheelIsTheMostSpecificAndThenTheLatestBuild() throws {
        let names = [
            "a-1-py3-none-any.whl", "a-1-cp39-abi3-manylinux_2_17_x86_64.whl",
            "a-1-cp312-cp312-manylinux_2_17_x86_64.whl", "a-1-cp312-cp312-manylinux_2_28_x86_64.whl",
            "a-1-3-cp312-cp312-manylinux_2_28_x86_64.whl", "a-1-2-cp312-cp312-manylinux_2_28_x86_64.whl",
            "a-1-cp312-cp312-manylinux_2_34_x86_64.whl",
        ]
        let wheels = try names.map { try WheelFilename($0) }
        let target = try tags()
        #expect(target.best(among: wheels)?.text == names[4])
        #expect(target.best(among: wheels.reversed())?.text == names[4])
        #expect(target.best(among: wheels.prefix(3))?.text == names[2])
        #expect(target.best(among: wheels.prefix(2))?.text == names[1])
        #expect(target.best(among: wheels.suffix(1)) == nil)
        #expect(try target.preference(of: WheelFilename("a-1-cp312-cp312-linux_x86_64.whl")) == 0)
    }

    @Test func anOtherSystemsBaselineIsRefused() {
        #expect(throws: WheelError.self) { try tags("3.12", "linux-64", .windows) }
        #expect(throws: WheelError.self) { try tags("2.7") }
    }
}
