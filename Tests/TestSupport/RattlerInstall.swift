/// What py-rattler is asked: choose from a channel, install, print what was chosen.
public enum RattlerInstall {
    /// A program of Python, with the arguments channel, prefix, cache and match specs. It leaves without Python's own
    /// clean-up, in which py-rattler's threads crash now and then.
    public static let program = """
        import asyncio, os, sys
        from rattler import Channel, Platform, VirtualPackage, install, solve

        async def main(channel, prefix, cache, *specs):
            records = await solve(
                [Channel(channel)], list(specs), platforms=[Platform('linux-64'), Platform('noarch')],
                virtual_packages=VirtualPackage.detect())
            await install(records, prefix, cache_dir=cache, show_progress=False)
            for record in records:
                print(record.subdir, record.file_name)

        asyncio.run(main(*sys.argv[1:]))
        sys.stdout.flush()
        os._exit(0)
        """
}
