namespace Polyphony.Web.Hosting;

/// <summary>The verb <c>help</c>.</summary>
internal static class Help
{
    public static void Show(Terminal terminal)
    {
        terminal.Say("hosting.help.title");
        ShowLines(terminal,
        [
            ("(–)", terminal.Word("hosting.verb.none")),
            ("migrate", terminal.Word("hosting.verb.migrate")),
            ("backup FILE", terminal.Word("hosting.verb.backup")),
            ("restore FILE", terminal.Word("hosting.verb.restore")),
            ("doctor", terminal.Word("hosting.verb.doctor")),
            ("rehearse [--pace live]", terminal.Word("hosting.verb.rehearse")),
            ("help", terminal.Word("hosting.verb.help")),
        ]);
        terminal.Say("hosting.help.options");
        ShowLines(terminal,
        [
            ("--urls http://localhost:5080", terminal.Word("hosting.option.urls")),
            ("--Polyphony:Data DIRECTORY", terminal.Word("hosting.option.data")),
            ("--Polyphony:Database postgres://…", terminal.Word("hosting.option.database")),
            ("--Polyphony:PublicUrl https://…", terminal.Word("hosting.option.public-url")),
            ("--Polyphony:TrustedProxies:0 10.0.0.2", terminal.Word("hosting.option.proxies")),
            ("--Polyphony:Smtp:Host mail.example.org", terminal.Word("hosting.option.smtp")),
        ]);
    }

    private static void ShowLines(Terminal terminal, (string Name, string Meaning)[] lines)
    {
        int width = lines.Max(line => line.Name.Length) + 2;
        foreach ((string name, string meaning) in lines)
        {
            terminal.Show(name.PadRight(width) + meaning);
        }
    }
}
