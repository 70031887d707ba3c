using Polyphony.Browser.Tests.Browsing;

namespace Polyphony.Browser.Tests.Everywhere;

/// <summary>Somebody who reads each page three times at once: in English, in French, and in an invented language that runs from right to left.</summary>
internal sealed class Readers : IAsyncDisposable
{
    private static readonly string[] Names = ["en", "fr", "mirrored"];

    private readonly Onlooker[] people;

    private Readers(Onlooker[] people) => this.people = people;

    public IEnumerable<string> Problems => people.SelectMany(person => person.Problems);

    public IEnumerable<Look> Looks => people.SelectMany(person => person.Looks);

    public static async Task<Readers> SeatAsync(Chromium chromium, Uri address)
    {
        Readers readers = new([await chromium.SeatAsync(address, "en"), await chromium.SeatAsync(address, "fr"), await chromium.SeatAsync(address, "en")]);

        // Chosen and not only preferred: a citizen's page begins in the language of the pool.
        foreach ((string language, Onlooker person) in ((string[])["en", "fr", "qps-plocm"]).Zip(readers.people))
        {
            await person.Page.GotoAsync($"/language/{language}?back=/health/live");
        }

        return readers;
    }

    /// <summary>Signs in, in all three.</summary>
    public Task SignInAsync(string email, string password) => InTurnAsync(async (person, _) =>
    {
        await person.OpenAsync("/account/sign-in");
        await person.SendAsync("/account/sign-in", null, ("email", email), ("password", password));
        Assert.EndsWith("/organise", person.Page.Url, StringComparison.Ordinal);
    });

    /// <summary>Opens pages and looks at them.</summary>
    public Task VisitAsync(params string[] paths) => EachAsync(async person =>
    {
        foreach (string path in paths)
        {
            await person.VisitAsync(path);
        }
    });

    /// <summary>Opens a page that answers with a status, and looks at it.</summary>
    public Task VisitAsync(string path, int status) => EachAsync(async person =>
    {
        await person.OpenAsync(path, status);
        await person.LookAsync();
    });

    /// <summary>Sends a form of a page and looks at what comes.</summary>
    public Task SendAsync(string page, string action, string? button = null, params (string Name, string Value)[] fields) => EachAsync(async person =>
    {
        await person.OpenAsync(page);
        await person.SendAsync(action, button, fields);
        await person.LookAsync();
    });

    /// <summary>Sends a form of a page with something that is refused, and looks at what is said.</summary>
    public Task BeRefusedAsync(string page, string action, params (string Name, string Value)[] fields) => EachAsync(async person =>
    {
        await person.OpenAsync(page);
        await person.BeRefusedAsync(action, null, fields);
        await person.LookAsync();
    });

    /// <summary>Does the same in all three, at the same time.</summary>
    public Task EachAsync(Func<Onlooker, Task> step) => Task.WhenAll(people.Select(step));

    /// <summary>Does the same in all three, one after the other, with its number from 0.</summary>
    public async Task InTurnAsync(Func<Onlooker, int, Task> step)
    {
        foreach ((int number, Onlooker person) in people.Index())
        {
            await step(person, number);
        }
    }

    public Task PictureAsync(string name, int width) => InTurnAsync((person, number) => person.PictureAsync($"{name}-{Names[number]}-{width}", width));

    /// <summary>Keeps what a printer would print.</summary>
    public Task PrintAsync(string name) => InTurnAsync((person, number) => person.PrintAsync($"{name}-{Names[number]}"));

    public async ValueTask DisposeAsync()
    {
        foreach (Onlooker person in people)
        {
            await person.DisposeAsync();
        }
    }
}
