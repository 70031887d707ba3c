using System.CommandLine;
using System.Text;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;

namespace Polyphony.Cli.Invite;

/// <summary><c>polyphony invite letters DIR</c>: the letters of a batch to print, each with its own code as a square to scan.</summary>
internal static class PrintLetters
{
    private const int UsualPerFile = 500;

    public static Command Make()
    {
        Argument<string> directory = new("DIR") { Description = "A batch that invite wrote, with its letters.csv." };
        LetterOptions options = new();
        VerbCommand verb = new("letters", "Makes letters to print, one page each, with the code as a square to scan.", (parsed, shell, cancellationToken) => Run(parsed, parsed.GetValue(directory)!, options, shell, cancellationToken))
        {
            Reads =
            [
                new(
                    "DIR/letters.csv", "what invite wrote; columns of the register are named without “register: ”.", new("letter", "its number"), new("code", "its code"), new("link", "what the square holds, unless --link says otherwise"),
                    new("(--name)", "the name; may be blank where letters go to an address"), new("(--address)", "the lines of the address; one of them at least is needed"), new("(--language)", "the language in which somebody reads, such as fr")),
                LetterOptions.TemplateFile,
            ],
            Writes =
            [
                new("letters-1.html …", "the letters, so many a file, to be opened in a browser and printed (A4, margins of the paper: none). Secret, because of the codes."),
                new("letter.en.txt …", "the texts that were used: change them and give them back as --template."),
            ],
            Examples =
            [
                "polyphony invite letters batch-1 --sender \"City of Belmarais\" --question \"How do we want to live by the river?\" --contact \"City of Belmarais, 021 555 01 00\" --by 2027-03-31 --out letters",
                "polyphony invite letters batch-1 --sender Belmarais --question \"en=How do we want to live by the river?\" --question \"fr=Comment voulons-nous vivre au bord de la rivière ?\" --contact \"021 555 01 00\" --by 2027-03-31 --out letters",
                "polyphony invite letters batch-1 --name \"first name,last name\" --address \"street,postcode+town\" --language language --template letter.de.txt,letter.fr.txt --window right --out letters",
            ],
        };
        verb.Arguments.Add(directory);
        foreach (Option option in options.All)
        {
            verb.Options.Add(option);
        }

        return verb;
    }

    private static int Run(ParseResult parsed, string directory, LetterOptions options, Shell shell, CancellationToken cancellationToken)
    {
        List<SheetProblem> problems = [];
        IReadOnlyList<string> paths = VerbOptions.Columns(parsed.GetValue(options.Template));
        IReadOnlyList<LetterTemplate> templates = paths.Count == 0 ? LetterTemplate.OwnTexts() : LetterTemplate.Read(paths, problems);
        DateOnly? by = options.ByDay(parsed, problems);
        using LargeCsv? csv = LargeCsv.Open(Path.Combine(directory, "letters.csv"), problems, cancellationToken);
        LetterColumns? columns = csv is null ? null : LetterColumns.Find(csv, parsed.GetValue(options.Name), parsed.GetValue(options.Address)!, parsed.GetValue(options.Language), problems);
        problems.AddRange(templates.SelectMany(template => template.Problems(columns?.Register ?? [])));
        Dictionary<string, Func<LetterTemplate, string>> given = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string word, Option<string[]> option) in new[] { ("sender", options.Sender), ("question", options.Question), ("contact", options.Contact) })
        {
            TextByLanguage text = TextByLanguage.Read(option.Name, parsed.GetValue(option) ?? [], [.. templates.Select(template => template.Language)], problems);
            given[word] = template => text.In(template.Language)!;
            LetterTemplate[] lacking = [.. templates.Where(template => template.Names(word) && text.In(template.Language) is null)];
            problems.AddRange(text.IsEmpty
                ? lacking.Take(1).Select(needs => new SheetProblem("option-needs", needs.Name, Expected: option.Name))
                : lacking.Select(needs => new SheetProblem("option-needs", needs.Name, Expected: $"{option.Name} {needs.Language}=…")));
        }

        given["by"] = template => template.Day(by!.Value);
        if (by is null && parsed.GetValue(options.By) is null && templates.FirstOrDefault(template => template.Names("by")) is { } dated)
        {
            problems.Add(new SheetProblem("option-needs", dated.Name, Expected: options.By.Name));
        }

        string target = parsed.GetValue(options.Out)!;
        problems.AddRange(Standing(target, templates).Select(name => new SheetProblem("stands-already", "", Column: "--out", Value: name, Expected: "Name another directory.")));
        if (csv is null || columns is null || problems.Count > 0)
        {
            return shell.Refuse(problems);
        }

        LetterWriter writer = new(columns, templates, given, parsed.GetValue(options.Link), parsed.GetValue(options.PerFile) ?? UsualPerFile, string.Equals(parsed.GetValue(options.Window), "right", StringComparison.OrdinalIgnoreCase));
        RowProblems rows = new();
        using OutputFolder folder = OutputFolder.Begin(target);
        LettersAnswer answer = shell.WithProgress("Writing the letters", _ => writer.Write(csv, folder, rows, cancellationToken));
        if (rows.Count > 0)
        {
            return shell.Refuse(rows.Listed, rows.Count);
        }

        foreach (LetterTemplate template in templates)
        {
            folder.Write($"letter.{template.Language}.txt", Encoding.UTF8.GetBytes(template.Text));
        }

        folder.Finish(cancellationToken);
        return shell.Answer(ExitCode.Done, answer, InviteJson.Default.LettersAnswer, Sentences(answer, templates));
    }

    /// <summary>What an earlier print left: a file too many of it would be printed too.</summary>
    private static IReadOnlyList<string> Standing(string target, IReadOnlyList<LetterTemplate> templates) =>
    [
        .. Directory.Exists(target) ? Directory.GetFiles(target, "letters-*.html").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).Take(1) : [],
        .. OutputFolder.Standing(target, templates.Select(template => $"letter.{template.Language}.txt")),
    ];

    private static IEnumerable<string> Sentences(LettersAnswer answer, IReadOnlyList<LetterTemplate> templates)
    {
        yield return FormattableString.Invariant($"{answer.Letters} letters in {answer.Files} file{(answer.Files == 1 ? "" : "s")}: {string.Join(", ", answer.Languages.Select(pair => $"{pair.Value} in {pair.Key}"))}.");
        if (answer.OtherLanguage > 0)
        {
            yield return FormattableString.Invariant($"{answer.OtherLanguage} of them are for people who read another language, or of whom none is known: they are written in {templates[0].Language}, the first text.");
        }

        yield return "Open the files in a browser and print them: A4, margins none. They hold the codes: keep them as secret as the letters.";
    }
}
