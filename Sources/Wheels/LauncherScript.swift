/// The script in `bin` that a console or GUI entry point becomes; it does what pip's does.
public enum LauncherScript {
    /// - Parameters:
    ///   - interpreter: the absolute path that the script will be run by.
    ///   - arguments: options for it, separated by spaces.
    public static func text(
        for script: EntryPoints.Script, interpreter: String, arguments: String = ""
    ) throws(WheelError) -> [UInt8] {
        // The attribute may lie deeper (`module:object.method`); its first name is what can be imported.
        let imported = script.attribute.prefix { $0 != "." }
        let body = """
            import sys
            from \(script.module) import \(imported)
            if __name__ == '__main__':
                if sys.argv[0].endswith('.exe'):
                    sys.argv[0] = sys.argv[0][:-4]
                sys.exit(\(script.attribute)())

            """
        return try Shebang.lines(interpreter: interpreter, arguments: arguments) + body.utf8
    }
}
