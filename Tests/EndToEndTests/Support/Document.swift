/// Pages of the documentation.
enum Document {
    /// The blocks of shell on a page, as they stand there.
    static func shellBlocks(_ path: String) throws -> [String] {
        var blocks: [String] = []
        var current: String?
        for line in try Tree.text(path).split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "```sh" {
                current = ""
            } else if line == "```", let block = current {
                blocks.append(block)
                current = nil
            } else if current != nil {
                current! += line + "\n"
            }
        }
        return blocks
    }
}
