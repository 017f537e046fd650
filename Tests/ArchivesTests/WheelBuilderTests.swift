import Archives
import Digests
import TestSupport
import Testing

/// The wheels that other tests install and damage are what they claim to be.
@Suite struct WheelBuilderTests {
    private func texts(_ wheel: WheelBuilder) throws -> [String: String] {
        let reading = try readWhole(MemorySource(wheel.bytes))
        return Dictionary(
            uniqueKeysWithValues: reading.contents.map {
                ($0.name, String(decoding: $0.bytes, as: UTF8.self))
            })
    }

    @Test func `a plain wheel lists every file with its true hash and size`() throws {
        let wheel = WheelBuilder("My-Demo", "1.2") {
            $0.tag = "cp311.cp312-abi3-manylinux_2_28_x86_64"
            $0.requires = ["other>=2; extra == 'more'"]
            $0.extras = ["more"]
            $0.entryPoints = [("console_scripts", ["demo = my_demo:main"])]
            $0.files.append(.init("my_demo/a,\"b\".txt", "odd name"))
        }
        #expect(wheel.filename == "My_Demo-1.2-cp311.cp312-abi3-manylinux_2_28_x86_64.whl")
        let texts = try texts(wheel)
        let record = try #require(texts["My_Demo-1.2.dist-info/RECORD"])
        #expect(record.hasSuffix("My_Demo-1.2.dist-info/RECORD,,\n"))
        #expect(record.contains("\"my_demo/a,\"\"b\"\".txt\",sha256="))
        let lines = record.split(separator: "\n")
        #expect(lines.count == texts.count)
        for (name, text) in texts where !name.hasSuffix("/RECORD") && !name.contains(",") {
            let hash = Base64URL.encode(SHA256.hash(text).bytes)
            #expect(lines.contains("\(name),sha256=\(hash),\(text.utf8.count)"), "\(name)")
        }
        #expect(
            texts["My_Demo-1.2.dist-info/WHEEL"]
                == "Wheel-Version: 1.0\nGenerator: airlift-tests\nRoot-Is-Purelib: true\nTag: cp311-abi3-manylinux_2_28_x86_64\nTag: cp312-abi3-manylinux_2_28_x86_64\n"
        )
        #expect(
            texts["My_Demo-1.2.dist-info/METADATA"]
                == "Metadata-Version: 2.1\nName: My-Demo\nVersion: 1.2\nProvides-Extra: more\nRequires-Dist: other>=2; extra == 'more'\n"
        )
        #expect(texts["My_Demo-1.2.dist-info/entry_points.txt"] == "[console_scripts]\ndemo = my_demo:main\n")
    }

    @Test func `each knob turns one thing`() throws {
        let plain = try texts(WheelBuilder())
        #expect(
            Set(plain.keys) == [
                "demo/__init__.py", "demo-1.0.dist-info/METADATA", "demo-1.0.dist-info/WHEEL",
                "demo-1.0.dist-info/RECORD",
            ])
        let missing = try texts(WheelBuilder { $0.editRecord = { $0.removeFirst() } })
        #expect(missing["demo-1.0.dist-info/RECORD"]?.contains("__init__") == false)
        let extra = try texts(
            WheelBuilder { $0.editMembers = { $0.append(ZipMember("demo/extra.py", "x")) } })
        #expect(extra["demo/extra.py"] == "x")
        #expect(extra["demo-1.0.dist-info/RECORD"] == plain["demo-1.0.dist-info/RECORD"])
        let without = try texts(WheelBuilder { $0.leavesOut = ["RECORD", "WHEEL"] })
        #expect(Set(without.keys) == ["demo/__init__.py", "demo-1.0.dist-info/METADATA"])
        let other = try texts(
            WheelBuilder {
                $0.metadataName = "else"; $0.infoStem = "else-9"
            })
        #expect(other["else-9.dist-info/METADATA"]?.contains("Name: else\nVersion: 1.0") == true)
    }

    @Test func `what is written is what was hashed`() throws {
        let scratch = TemporaryDirectory()
        let built = try WheelBuilder().write(to: scratch, below: "wheels")
        #expect(built.path == "\(scratch.path)/wheels/demo-1.0-py3-none-any.whl")
        #expect(try readWhole(FileRegion(path: built.path)).digest == built.sha256)
        #expect(SHA256.hash(built.bytes) == built.sha256)
    }
}
