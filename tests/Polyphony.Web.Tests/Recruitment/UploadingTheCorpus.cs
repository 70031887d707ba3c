using System.Diagnostics;
using System.Globalization;
using System.Net;
using Polyphony.Sheets;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Recruitment;

/// <summary>The corpus through the forms of the real server: bad files leave the database as it was, good ones are imported exactly.</summary>
public sealed class UploadingTheCorpus(UploadHall hall) : IClassFixture<UploadHall>
{
    public static TheoryData<string> Bad => Corpus.Names(file => !file.IsGood);

    public static TheoryData<string> GoodQuotas => Corpus.Names(file => file.IsGood && file.Door == Door.Quotas);

    public static TheoryData<string> GoodPools => Corpus.Names(file => file.IsGood && file.Door == Door.Pool);

    public static TheoryData<string> GoodElsewhere => Corpus.Names(file => file.IsGood && file.Door > Door.Pool);

    /// <summary>For every reason for which a file is no table one file, at each of the other doors.</summary>
    public static TheoryData<string, Door> Unreadable
    {
        get
        {
            TheoryData<string, Door> pairs = new();
            foreach (CorpusFile file in Corpus.All.Where(file => !file.IsGood && SheetReader.Read(file.Name, file.Content) is SheetReading.Refused { Ragged: null }).DistinctBy(file => file.Refusal[0].Split('@')[0]))
            {
                foreach (Door door in (Door[])[Door.Sites, Door.SitedQuotas, Door.SitedPool, Door.Invited])
                {
                    pairs.Add(file.Name, door);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task What_is_no_table_is_refused_at_every_door(string name, Door door)
    {
        CorpusFile file = Corpus.Named(name);
        string before = await hall.FingerprintAsync();
        Page page = await hall.Organiser.UploadAsync(Action(door), file.Name, file.Content);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Equal(file.Refusal, Organiser.Problems(page).Select(problem => Corpus.Told(problem.Code, problem.Row, problem.Column, file.Refusal)));
        Assert.Equal(before, await hall.FingerprintAsync());
    }

    [Theory]
    [MemberData(nameof(GoodElsewhere))]
    public async Task A_good_file_of_sites_or_letters_is_saved_exactly_and_not_before_it_is_confirmed(string name)
    {
        CorpusFile file = Corpus.Named(name);
        string slug = await hall.BeginAsync(file.Door);
        string before = await hall.FingerprintAsync();
        Page page = await hall.Organiser.UploadAsync(Action(file.Door, slug), file.Name, file.Content);
        if (file.Door is Door.SitedQuotas or Door.SitedPool)
        {
            Assert.Equal((HttpStatusCode.OK, true), (page.Status, page.Path.Contains("/uploads/", StringComparison.Ordinal)));
            Assert.Equal(before, await hall.FingerprintAsync());
            page = await hall.Organiser.PostAsync(page.Path + "/confirm");
        }

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.EndsWith(file.Door switch { Door.Sites => "?notice=imported", Door.SitedQuotas => "?notice=quotas-imported", Door.SitedPool => "?notice=pool-imported", _ => "?recorded=yes" }, page.Path, StringComparison.Ordinal);
        Assert.Equal(file.Lines, await hall.LinesAsync(slug, file.Door));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_bad_file_is_refused_with_all_of_its_problems_and_changes_nothing(string name)
    {
        CorpusFile file = Corpus.Named(name);
        string before = await hall.FingerprintAsync();
        Page page = await hall.Organiser.UploadAsync(Action(file.Door), file.Name, file.Content);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        var problems = Organiser.Problems(page);
        Assert.Equal(file.Refusal, problems.Select(problem => Corpus.Told(problem.Code, problem.Row, problem.Column, file.Refusal)));
        Assert.All(problems, problem => Assert.False(problem.Sentence.Trim().Length == 0 || problem.Sentence.Contains('⟦', StringComparison.Ordinal) || problem.Sentence.Contains('{', StringComparison.Ordinal), problem.Sentence));
        if (page.Path.Contains("/uploads/", StringComparison.Ordinal))
        {
            // Whoever sends the confirmation all the same is shown the problems again.
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await hall.Organiser.PostAsync(page.Path + "/confirm")).Status);
        }

        Assert.Equal(before, await hall.FingerprintAsync());
    }

    [Theory]
    [MemberData(nameof(GoodQuotas))]
    public async Task Good_quotas_are_saved_exactly_and_not_before_they_are_confirmed(string name)
    {
        CorpusFile file = Corpus.Named(name);
        string before = await hall.FingerprintAsync();
        Page preview = await hall.Organiser.UploadAsync(Form(UploadHall.Counting, Door.Quotas) + "/upload", file.Name, file.Content);
        Assert.Equal((HttpStatusCode.OK, true), (preview.Status, preview.Path.Contains("/uploads/", StringComparison.Ordinal)));
        Assert.Equal(before, await hall.FingerprintAsync());

        Page after = await hall.Organiser.PostAsync(preview.Path + "/confirm");
        Assert.Equal((HttpStatusCode.OK, true), (after.Status, after.Path.EndsWith("/quotas?notice=imported", StringComparison.Ordinal)));
        Assert.Equal(file.Lines, await hall.QuotasAsync(UploadHall.Counting));
    }

    [Theory]
    [MemberData(nameof(GoodPools))]
    public async Task Good_people_are_saved_exactly_and_not_before_they_are_confirmed(string name)
    {
        CorpusFile file = Corpus.Named(name);
        string form = Form(UploadHall.Gathering, Door.Pool);
        string before = await hall.FingerprintAsync();
        Page preview = await hall.Organiser.UploadAsync(form + "/upload", file.Name, file.Content);
        Assert.Equal((HttpStatusCode.OK, true), (preview.Status, preview.Path.Contains("/uploads/", StringComparison.Ordinal)));
        Assert.Equal(before, await hall.FingerprintAsync());

        Page after = await hall.Organiser.PostAsync(preview.Path + "/confirm");
        Assert.Equal((HttpStatusCode.OK, true), (after.Status, after.Path.EndsWith("/pool?notice=imported", StringComparison.Ordinal)));
        Assert.Equal(file.Lines.Order(StringComparer.Ordinal), await hall.PeopleAsync(UploadHall.Gathering));

        // A second click imports nobody twice.
        await hall.Organiser.PostAsync(preview.Path + "/confirm");
        Assert.Equal(file.Lines.Count, (await hall.PeopleAsync(UploadHall.Gathering)).Length);

        await hall.Organiser.PostAsync(form + "/clear", ("sure", file.Lines.Count.ToString(CultureInfo.InvariantCulture)));
        Assert.Empty(await hall.PeopleAsync(UploadHall.Gathering));
    }

    [Fact]
    public async Task Half_a_megabyte_that_unpacks_to_half_a_gigabyte_is_refused_at_once_and_takes_no_memory()
    {
        byte[] bomb = HostileFiles.Bomb();
        Assert.InRange(bomb.Length, 400_000, 600_000);
        string before = await hall.FingerprintAsync();
        using Process process = Process.GetCurrentProcess();
        GC.Collect();
        process.Refresh();
        long memory = process.WorkingSet64;
        Stopwatch watch = Stopwatch.StartNew();
        Page page = await hall.Organiser.UploadAsync(Form(UploadHall.Refusing, Door.Pool) + "/upload", "bomb.xlsx", bomb);

        Assert.Equal(["file-unpacks-too-large"], Organiser.Problems(page).Select(problem => problem.Code));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), watch.Elapsed.ToString());
        process.Refresh();
        Assert.True(process.WorkingSet64 - memory < 300_000_000, $"{(process.WorkingSet64 - memory) / 1_000_000} MB more");
        Assert.Equal(before, await hall.FingerprintAsync());
    }

    [Fact]
    public async Task More_than_two_hundred_problems_are_counted()
    {
        string text = "id,gender,âge\n" + string.Concat(Enumerable.Range(1, 300).Select(i => $"{i},x,30+\n"));
        Page page = await hall.Organiser.UploadAsync(Form(UploadHall.Refusing, Door.Pool) + "/upload", "people.csv", Corpus.Utf8(text));
        Assert.Equal(200, Organiser.Problems(page).Count);
        Assert.Contains("300", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_without_a_file_and_one_larger_than_the_limit_are_refused()
    {
        string before = await hall.FingerprintAsync();
        Page nothing = await hall.Organiser.PostAsync(Form(UploadHall.Refusing, Door.Pool) + "/upload");
        Assert.InRange((int)nothing.Status, 400, 499);
        try
        {
            Page large = await hall.Organiser.UploadAsync(Form(UploadHall.Refusing, Door.Pool) + "/upload", "large.csv", new byte[12_000_000]);
            Assert.InRange((int)large.Status, 400, 499);
        }
        catch (HttpRequestException)
        {
            // The server may hang up before it has read what it will not take.
        }

        Assert.Equal(before, await hall.FingerprintAsync());
    }

    [Fact]
    public async Task Somebody_who_is_in_the_pool_already_is_not_added_again()
    {
        string form = Form(UploadHall.Gathering, Door.Pool);
        byte[] file = Corpus.Utf8("id,gender,âge\nA1,woman,30+\n");
        Page first = await hall.Organiser.UploadAsync(form + "/upload", "people.csv", file);
        await hall.Organiser.PostAsync(first.Path + "/confirm");
        string before = await hall.FingerprintAsync();

        Page again = await hall.Organiser.UploadAsync(form + "/upload", "people.csv", Corpus.Utf8("id,gender,âge\nB2,woman,30+\na1,man,30+\n"));
        Assert.Equal([("id-in-pool", "3", "id")], Organiser.Problems(again).Select(problem => (problem.Code, problem.Row, problem.Column)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await hall.Organiser.PostAsync(again.Path + "/confirm")).Status);
        Assert.Equal(before, await hall.FingerprintAsync());
        await hall.Organiser.PostAsync(form + "/clear", ("sure", "1"));
    }

    /// <summary>Where a file is sent that must be refused, or in a dialogue that takes it.</summary>
    private static string Action(Door door, string? slug = null) => door switch
    {
        Door.Sites => $"/organise/{slug ?? UploadHall.Spread}/sites/upload",
        Door.SitedQuotas => $"/organise/{slug ?? UploadHall.Spread}/sites/quotas/upload",
        Door.SitedPool => $"/organise/{slug ?? UploadHall.Spread}/sites/pool/upload",
        Door.Invited => $"/organise/{slug ?? UploadHall.Refusing}/representation/invited",
        _ => Form(UploadHall.Refusing, door) + "/upload",
    };

    private static string Form(string slug, Door door) => $"/organise/{slug}/{(door == Door.Quotas ? "quotas" : "pool")}";
}
