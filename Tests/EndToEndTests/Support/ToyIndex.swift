import Digests
import TestSupport

/// An index of a few wheels made in code, served as PEP 691 JSON or PEP 503 HTML.
struct ToyIndex: Sendable {
    enum Form: Sendable { case json, html }

    private struct Wheel: Sendable {
        let filename: String
        let bytes: [UInt8]
        let sha256: String
        let metadata: [UInt8]
        let requiresPython: String?
        let uploadTime: String?
    }

    let server: LoopbackServer

    /// The address for a spec.
    var url: String { server.url + "/simple" }

    /// - Parameters:
    ///   - uploaded: upload times (PEP 700) by name of the project.
    ///   - first: answers before the index does, where it gives an answer.
    init(
        _ wheels: [WheelBuilder] = ToyIndex.greeting, form: Form = .json,
        uploaded: [String: String] = [:],
        first: @escaping @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer? = { _ in nil }
    ) {
        var projects: [String: [Wheel]] = [:]
        var files: [String: [UInt8]] = [:]
        for builder in wheels {
            let bytes = builder.bytes
            let wheel = Wheel(
                filename: builder.filename, bytes: bytes, sha256: SHA256.hash(bytes).hex,
                metadata: Array(builder.metadata.utf8), requiresPython: builder.requiresPython,
                uploadTime: uploaded[builder.name])
            projects[builder.name.lowercased(), default: []].append(wheel)
            files["/files/" + wheel.filename] = bytes
            files["/files/" + wheel.filename + ".metadata"] = wheel.metadata
        }
        let pages = projects.map { ("/simple/\($0.key)/", Self.page($0.key, $0.value, form)) }
        let answers = Dictionary(uniqueKeysWithValues: pages)
        let contents = files
        server = LoopbackServer { request in
            if let answer = first(request) { return answer }
            if let page = answers[request.path] {
                let type = form == .json ? "application/vnd.pypi.simple.v1+json" : "text/html"
                return .ok(page, type: type)
            }
            if let bytes = contents[request.path] { return .ok(bytes).ranged(request) }
            return .status(404)
        }
    }

    private static func page(_ name: String, _ wheels: [Wheel], _ form: Form) -> String {
        switch form {
        case .json:
            let files = wheels.map { wheel in
                """
                {"filename": "\(wheel.filename)", "url": "../../files/\(wheel.filename)", \
                "hashes": {"sha256": "\(wheel.sha256)"}, "size": \(wheel.bytes.count), \
                "core-metadata": {"sha256": "\(SHA256.hash(wheel.metadata).hex)"}\
                \(wheel.requiresPython.map { ", \"requires-python\": \"\($0)\"" } ?? "")\
                \(wheel.uploadTime.map { ", \"upload-time\": \"\($0)\"" } ?? "")}
                """
            }
            return """
                {"meta": {"api-version": "1.0"}, "name": "\(name)", "files": [\(files.joined(separator: ", "))]}
                """
        case .html:
            let links = wheels.map {
                "<a href=\"../../files/\($0.filename)#sha256=\($0.sha256)\">\($0.filename)</a><br>"
            }
            return "<!DOCTYPE html><html><body>\(links.joined(separator: "\n"))</body></html>"
        }
    }

    /// `greeter`, with a console script that says what it runs in, and `shouter`, which it needs.
    static var greeting: [WheelBuilder] {
        [
            WheelBuilder(
                "greeter", "1.0",
                files: [
                    .init("greeter/__init__.py", greeterSource), .init("greeter/data/größe.txt", "groß\n"),
                ]
            ) {
                $0.requires = ["shouter>=2"]
                $0.entryPoints = [("console_scripts", ["greet = greeter:main"])]
            },
            WheelBuilder("shouter", "2.0"),
        ]
    }

    private static let greeterSource = """
        import json, sys
        import shouter

        def main():
            print(json.dumps({'base_prefix': sys.base_prefix, 'executable': sys.executable,
                'prefix': sys.prefix, 'shouter': shouter.__version__, 'version': sys.version.split()[0]}))

        """
}
