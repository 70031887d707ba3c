using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Polyphony.Sheets;
using QRCoder;

namespace Polyphony.Tests.Cli;

/// <summary>Letters are drawn, and printed one page each.</summary>
public sealed partial class PrintingLetters : IDisposable
{
    private const string Randomness = "drand: 8d61d9100567de44682506aea1a7a6fa6e5491cd27a0a0ed349ef6910ac5ac20";
    private static readonly string[] Said = ["--sender", "City of <Belmarais> & friends", "--question", "How shall we live?", "--contact", "021 555 01 00", "--by", "2027-03-01"];

    private readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public void Every_letter_has_its_own_square_its_address_and_the_language_of_its_reader()
    {
        Invite();
        (int code, JsonObject answer) = bench.Json(["invite", "letters", bench["batch"], .. Said, "--address", "street,postcode+town", "--per-file", "7", "--out", bench["letters"]]);
        Assert.Equal(0, code);
        Sheet sent = bench.Table("batch/letters.csv");
        string[] languages = [.. sent.Rows.Select(row => row[sent.Find("register: language")])];
        Assert.Equal((20, 3), ((int)answer["letters"]!, (int)answer["files"]!));
        Assert.Equal(languages.Count(language => language.StartsWith("fr", StringComparison.Ordinal)), (int)answer["languages"]!["fr"]!);
        Assert.Equal(languages.Count(language => language is "de" or ""), (int)answer["otherLanguage"]!);
        Assert.Equal(["letter.en.txt", "letter.fr.txt", "letters-1.html", "letters-2.html", "letters-3.html"], Directory.GetFiles(bench["letters"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

        string[] letters = [.. Enumerable.Range(1, 3).SelectMany(file => Articles(File.ReadAllText(bench[$"letters/letters-{file}.html"])))];
        Assert.Equal(20, letters.Length);
        for (int i = 0; i < letters.Length; i++)
        {
            SheetRow row = sent.Rows[i];
            bool french = row[sent.Find("register: language")].StartsWith("fr", StringComparison.Ordinal);
            Assert.Contains(french ? "Votre nom a été tiré au sort" : "You have been drawn by lot", letters[i], StringComparison.Ordinal);
            Assert.Contains(french ? "1 mars 2027" : "1 March 2027", letters[i], StringComparison.Ordinal);
            Assert.Contains($"lang=\"{(french ? "fr" : "en")}\" dir=\"ltr\"", letters[i], StringComparison.Ordinal);
            string name = row[sent.Find("register: name")];
            string street = row[sent.Find("register: street")];
            Assert.Contains($"{(name.Length > 0 ? $"<bdi>{name}</bdi><br>" : "<address class=\"to\">")}<bdi>{street}</bdi><br><bdi>10{street[7..]} Belmarais</bdi></address>", letters[i], StringComparison.Ordinal);
            string link = row[sent.Find("link")];
            Assert.Contains($"<p dir=\"ltr\">{link}</p>", letters[i], StringComparison.Ordinal);
            Assert.Equal(Modules(link), Modules(Square().Match(letters[i])));
        }
    }

    [Fact]
    public void Nothing_in_a_letter_can_act()
    {
        Invite(name: "<script>alert(1)</script>", link: "https://example.org/\"><script src=x></script>");
        string template = bench.File("own.en.txt", "# Hello {name}\n\n<img src=x onerror=alert(1)> {street} {{braces}\n\n{link}\n");
        Assert.Equal(0, bench.Run("invite", "letters", bench["batch"], "--template", template, "--address", "street", "--out", bench["letters"]).Code);
        string html = File.ReadAllText(bench["letters/letters-1.html"]);
        Assert.Contains("default-src 'none'; style-src 'unsafe-inline'", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
        Assert.Contains("{braces}", html, StringComparison.Ordinal);
        Assert.Equal(["address", "article", "bdi", "body", "br", "h1", "head", "html", "meta", "p", "style", "title"], Tag().Matches(html).Select(tag => tag.Groups[1].Value).Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotMatch("<[^>]*\\son[a-z]+=", html);
        Assert.DoesNotContain("href", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_of_ones_own_take_any_column_and_the_first_is_for_everybody_else()
    {
        Invite();
        string german = bench.File("brief.de.txt", "# Guten Tag {name}\n\nSie wohnen an der\n{STREET}. Bitte bis {by}.\n\n> {town}\n\n{qr}\n");
        string arabic = bench.File("brief.ar.txt", "{name}\n\n{link}\n");
        (int code, JsonObject answer) = bench.Json("invite", "letters", bench["batch"], "--template", $"{german},{arabic}", "--address", "street", "--by", "2027-03-01", "--window", "right", "--out", bench["letters"]);
        Assert.Equal(0, code);
        Sheet sent = bench.Table("batch/letters.csv");
        Assert.Equal(20 - sent.Rows.Count(row => row[sent.Find("register: language")] == "de"), (int)answer["otherLanguage"]!);
        string html = File.ReadAllText(bench["letters/letters-1.html"]);
        Assert.Contains($"Sie wohnen an der<br><bdi>{sent.Rows[0][sent.Find("register: street")]}</bdi>. Bitte bis <bdi>1. März 2027</bdi>", html, StringComparison.Ordinal);
        Assert.Contains("<blockquote><bdi>Belmarais</bdi></blockquote>", html, StringComparison.Ordinal);
        Assert.Contains(".letter { --window: 80mm; }", html, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(german), File.ReadAllText(bench["letters/letter.de.txt"]));

        // A person who reads from right to left gets a page that runs so.
        string readers = bench["batch/letters.csv"];
        File.WriteAllText(readers, File.ReadAllText(readers).Replace("\"de\"", "\"ar\"", StringComparison.Ordinal));
        Assert.Equal(0, bench.Run("invite", "letters", bench["batch"], "--template", $"{german},{arabic}", "--address", "street", "--by", "2027-03-01", "--out", bench["rtl"]).Code);
        Assert.Contains("lang=\"ar\" dir=\"rtl\"", File.ReadAllText(bench["rtl/letters-1.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_said_is_said_in_the_language_of_the_letter()
    {
        Invite();
        string[] command = ["invite", "letters", bench["batch"], "--address", "street", "--by", "2027-03-01", "--sender", "Belmarais", "--contact", "en=Call 021 555 01 00", "--contact", "FR=Appelez le 021 555 01 00"];
        Assert.Equal(0, bench.Run([.. command, "--question", "How shall we live = how?", "--question", "fr=Comment vivre = comment ?", "--out", bench["both"]]).Code);
        string[] letters = Articles(File.ReadAllText(bench["both/letters-1.html"]));
        Assert.Equal(20, letters.Length);
        Assert.All(letters, letter =>
        {
            bool french = letter.Contains("lang=\"fr\"", StringComparison.Ordinal);
            Assert.Contains($"<blockquote><bdi>{(french ? "Comment vivre = comment ?" : "How shall we live = how?")}</bdi></blockquote>", letter, StringComparison.Ordinal);
            Assert.Contains($"<bdi>{(french ? "Appelez le" : "Call")} 021 555 01 00</bdi>", letter, StringComparison.Ordinal);
        });
        Assert.Contains(letters, letter => letter.Contains("Comment vivre", StringComparison.Ordinal));

        // A text in a kind of a language takes what is said in the language, unless something is said in that kind.
        string swiss = bench.File("brief.de-CH.txt", "{question}\n\n{link}\n");
        foreach ((string[] said, string shown) in ((string[], string)[])[(["de=Wie?"], "Wie?"), (["Quoi ?", "de=Wie?"], "Wie?"), (["de=Wie?", "de-CH=Wie denn?"], "Wie denn?")])
        {
            string folder = bench[$"swiss-{shown.Length}-{said.Length}"];
            Assert.Equal(0, bench.Run(["invite", "letters", bench["batch"], "--address", "street", "--template", swiss, .. said.SelectMany(text => (string[])["--question", text]), "--out", folder]).Code);
            Assert.Contains($"<p><bdi>{shown}</bdi></p>", File.ReadAllText(Path.Combine(folder, "letters-1.html")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Nothing_is_said_in_a_language_in_which_it_was_not_given()
    {
        Invite();
        string[] command = ["invite", "letters", bench["batch"], "--address", "street", "--by", "2027-03-01", "--sender", "Belmarais", "--contact", "021 555 01 00", "--out", bench["letters"]];
        Assert.Equal(["option-needs"], bench.Refusals([.. command, "--question", "en=How?"]));
        Assert.Contains("--question fr=…", bench.Run([.. command, "--question", "en=How?"]).Error, StringComparison.Ordinal);
        Assert.Equal(["option-needs"], bench.Refusals([.. command, "--question", "en=How?", "--question", "fr= "]));
        Assert.Equal(["option-needs", "option-needs"], bench.Refusals([.. command[..^6], .. command[^2..], "--contact", "en=Call", "--sender", "fr=Belmarais", "--question", "How?"]));
        Assert.Equal(["option-value:--question"], bench.Refusals([.. command, "--question", "How?", "--question", "de=Wie?"]));
        Assert.Equal(["option-value:--question"], bench.Refusals([.. command, "--question", "How?", "--question", "fr=Comment ?", "--question", "FR=Quoi ?"]));
        Assert.Equal(["option-value:--question"], bench.Refusals([.. command, "--question", "How?", "--question", "What?"]));
        Assert.False(Directory.Exists(bench["letters"]));
    }

    [Fact]
    public void What_is_wrong_is_told_with_its_row_and_nothing_is_written()
    {
        Invite();
        string[] command = ["invite", "letters", bench["batch"], "--address", "street", "--out", bench["letters"]];
        Assert.Equal(["option-needs", "option-needs", "option-needs", "option-needs"], bench.Refusals(command));
        Assert.Equal(["option-value:--by"], bench.Refusals([.. command, .. Said[..^1], "1.3.2027"]));
        Assert.Equal(
            ["word-unknown@3", "word-unknown@4", "template-without-link"],
            bench.Refusals([.. command, "--template", bench.File("wrong.en.txt", "Hello {name},\n\nyou live in {village}\nand are {years} old.\n")]));
        Assert.Equal(["option-value:--template"], bench.Refusals([.. command, "--template", bench.File("letter.txt", "{qr}")]));
        Assert.Equal(["option-value:--template"], bench.Refusals([.. command, "--template", $"{bench.File("a.en.txt", "{qr}")},{bench.File("b.en.txt", "{qr}")}"]));
        Assert.Equal(["file-missing"], bench.Refusals([.. command, "--template", bench["none.en.txt"]]));
        Assert.Equal(["template-not-text"], bench.Refusals([.. command, "--template", bench.File("latin.fr.txt", [0x7b, 0x71, 0x72, 0x7d, 0xe9])]));
        string[] good = ["--template", bench["a.en.txt"], "--out", bench["letters"]];
        Assert.Equal(["file-missing"], bench.Refusals(["invite", "letters", bench["nowhere"], .. good]));
        Assert.Equal(["column-missing@1:register: address"], bench.Refusals(["invite", "letters", bench["batch"], .. good]));
        Assert.Equal(
            ["column-missing@1:register: surname", "column-missing@1:register: city", "column-missing@1:register: tongue"],
            bench.Refusals(["invite", "letters", bench["batch"], "--name", "surname", "--address", "street,postcode+city", "--language", "tongue", .. good]));
        Assert.Equal(["option-value:--address"], bench.Refusals(["invite", "letters", bench["batch"], "--address", ",", .. good]));
        string path = bench["batch/letters.csv"];
        string letters = File.ReadAllText(path);
        File.WriteAllText(path, string.Join("\r\n", letters.Split("\r\n").Select((line, i) => i == 3 ? Regex.Replace(line, "\"Street [^\"]*\"", "\"\"") : line)));
        Assert.Equal(["empty@4:register: street"], bench.Refusals([.. command, .. good[..2]]));
        File.WriteAllText(path, letters.Split("\r\n")[0] + "\r\n");
        Assert.Equal(["no-rows"], bench.Refusals([.. command, .. good[..2]]));
        File.WriteAllText(path, letters);
        Assert.Equal(0, bench.Run([.. command, .. good[..2]]).Code);
        Assert.Equal(["stands-already:--out", "stands-already:--out"], bench.Refusals([.. command, .. good[..2]]));
    }

    [Fact]
    public void A_square_that_leads_nowhere_is_not_printed()
    {
        Invite(link: null);
        string[] command = ["invite", "letters", bench["batch"], "--address", "street", "--template", bench.File("a.en.txt", "{qr}"), "--out", bench["letters"]];
        Assert.Equal(20, bench.Refusals(command).Count(problem => problem.StartsWith("link-missing@", StringComparison.Ordinal)));
        Assert.Equal(0, bench.Run([.. command, "--link", "https://example.org/j/"]).Code);
        Sheet sent = bench.Table("batch/letters.csv");
        Assert.Contains($"https://example.org/j/{sent.Rows[0][sent.Find("code")]}<", File.ReadAllText(bench["letters/letters-1.html"]), StringComparison.Ordinal);
    }

    private void Invite(string? name = null, string? link = "https://example.org/join/")
    {
        string register = bench.File("register.csv", "id,age,name,street,postcode,town,language\n" + string.Concat(Enumerable.Range(0, 60).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"P{i:0000},{(i % 3 == 0 ? "young" : "old")},{name ?? (i % 5 == 0 ? "" : $"Zoé Ünal {i}")},Street {i},10{i},Belmarais,{(i % 4) switch { 0 => "fr-CH", 1 => "en", 2 => "de", _ => "" }}\n"))));
        Assert.Equal(0, bench.Run(["invite", "--register", register, "--strata", "age", "--count", "20", "--randomness", Randomness, .. link is null ? Array.Empty<string>() : ["--link", link], "--out", bench["batch"]]).Code);
    }

    private static string[] Articles(string html) => [.. Article().Matches(html).Select(match => match.Value)];

    /// <summary>The dark modules that a square should have, computed from the library once more.</summary>
    private static string Modules(string text)
    {
        using QRCodeData data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        return string.Join('\n', data.ModuleMatrix.Select(row => string.Concat(row.Cast<bool>().Select(dark => dark ? '#' : '.'))));
    }

    /// <summary>The dark modules that the path of a square paints.</summary>
    private static string Modules(Match square)
    {
        int size = int.Parse(square.Groups[1].Value, CultureInfo.InvariantCulture);
        char[][] rows = [.. Enumerable.Range(0, size).Select(_ => Enumerable.Repeat('.', size).ToArray())];
        foreach (Match run in Run().Matches(square.Groups[2].Value))
        {
            int[] numbers = [.. run.Groups.Values.Skip(1).Select(group => int.Parse(group.Value, CultureInfo.InvariantCulture))];
            Assert.Equal(numbers[2], numbers[3]);
            Array.Fill(rows[numbers[1]], '#', numbers[0], numbers[2]);
        }

        return string.Join('\n', rows.Select(row => new string(row)));
    }

    [GeneratedRegex("<article.*?</article>", RegexOptions.Singleline)]
    private static partial Regex Article();

    [GeneratedRegex("<svg viewBox=\"0 0 (\\d+) \\d+\"[^>]*><path d=\"([^\"]*)\"/></svg>")]
    private static partial Regex Square();

    [GeneratedRegex("M(\\d+) (\\d+)h(\\d+)v1h-(\\d+)z")]
    private static partial Regex Run();

    [GeneratedRegex("<([a-z0-9]+)")]
    private static partial Regex Tag();
}
