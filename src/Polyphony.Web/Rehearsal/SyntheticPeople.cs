using System.Globalization;
using System.Text;

namespace Polyphony.Web.Rehearsal;

/// <summary>Invents the people who answered the invitation: like a real pool, older, better educated and more mobile than the city.</summary>
internal static class SyntheticPeople
{
    private static readonly string[] Women =
    [
        "Amina", "Camille", "Chloé", "Fatou", "Hélène", "Inès", "Jeanne", "Leïla", "Lucie", "Manon", "Maria", "Marie", "Nadia", "Nathalie", "Odile", "Paulette",
        "Rachida", "Sandrine", "Simone", "Sofia", "Sylvie", "Thi Mai", "Valérie", "Yvonne", "Zoé", "Agnieszka", "Beatriz", "Charlotte", "Denise", "Élodie",
    ];

    private static readonly string[] Men =
    [
        "Abdou", "Alain", "Antoine", "Bernard", "Bruno", "Claude", "Daniel", "Émile", "Farid", "François", "Gérard", "Hugo", "Ibrahim", "Jean", "Julien", "Karim",
        "Louis", "Lucas", "Mamadou", "Marcel", "Mathieu", "Mehdi", "Michel", "Nicolas", "Paul", "Pierre", "Rémi", "Thomas", "Tomasz", "Youssef",
    ];

    private static readonly string[] Families =
    [
        "Aubry", "Bakri", "Barbier", "Benali", "Blanc", "Bouchard", "Brunet", "Camara", "Carpentier", "Cissé", "Collin", "Da Silva", "Delorme", "Diallo", "Dubois",
        "Dumont", "Fabre", "Ferreira", "Fontaine", "Garnier", "Gauthier", "Girard", "Guérin", "Haddad", "Henry", "Jacquet", "Kaya", "Kowalski", "Lambert", "Leclerc",
        "Lefèvre", "Lemoine", "Marchand", "Martin", "Masson", "Meyer", "Moreau", "Nguyen", "Noël", "Olivier", "Perrin", "Petit", "Picard", "Renard", "Rivière",
        "Robin", "Roussel", "Schmitt", "Tessier", "Traoré", "Vasseur", "Vidal", "Weber", "Yilmaz",
    ];

    private static readonly string[] Streets =
    [
        "rue des Tanneurs", "rue du Port", "quai des Meuniers", "avenue de la Gare", "rue Louise-Michel", "allée des Tilleuls", "chemin du Moulin", "place du Marché",
        "rue des Jardiniers", "boulevard du Nord", "rue de l’Écluse", "impasse des Lilas", "rue Aristide-Briand", "route de Saint-Aubin", "rue des Écoles", "cours des Arts",
    ];

    private static readonly string[] Gender = ["woman", "man", "another answer"];
    private static readonly string[] Age = ["16–29", "30–44", "45–64", "65 and over"];
    private static readonly string[] District = ["Old Town", "Riverside", "Northfields", "Les Tilleuls", "Outer villages"];
    private static readonly string[] Education = ["no diploma or lower secondary", "upper secondary or trade", "university"];
    private static readonly string[] Moving = ["on foot or by bike", "bus or tram", "car", "rarely leaves home"];

    /// <summary>The pool as a CSV file with columns id, name, email, street, postcode, language and the five criteria.</summary>
    public static byte[] PoolCsv(int people, ulong seed)
    {
        RehearsalChance chance = new(seed);
        StringBuilder csv = new("id,name,email,street,postcode,language,gender,age,district,education,usual way of moving\n");
        string street = "";
        for (int i = 1; i <= people; i++)
        {
            int gender = chance.Weighted([0.50, 0.49, 0.01]);
            int age = chance.Weighted([0.17, 0.24, 0.33, 0.26]);
            int district = chance.Weighted([0.24, 0.24, 0.20, 0.18, 0.14]);
            int education = chance.Weighted([0.14, 0.36, 0.50]);
            int moving = chance.Weighted([0.34, 0.30, 0.32, 0.04]);
            string first = chance.Of(gender == 0 || (gender == 2 && chance.Below(2) == 0) ? Women : Men);
            string family = chance.Of(Families);

            // One person in twelve answered from the same address as the one before: a household.
            if (street.Length == 0 || chance.Below(12) != 0)
            {
                street = string.Create(CultureInfo.InvariantCulture, $"{chance.Below(140) + 1} {chance.Of(Streets)}");
            }

            csv.Append(CultureInfo.InvariantCulture, $"B{i:0000},{first} {family},{Mailbox(first)}.{Mailbox(family)}.{i}@mail.example,")
                .Append(CultureInfo.InvariantCulture, $"{street},99{district}00,{(chance.Below(5) == 0 ? "en" : "fr")},")
                .Append(CultureInfo.InvariantCulture, $"{Gender[gender]},{Age[age]},{District[district]},{Education[education]},{Moving[moving]}\n");
        }

        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    private static string Mailbox(string name) => new([.. name.Normalize(NormalizationForm.FormD).ToLowerInvariant().Where(c => c is >= 'a' and <= 'z')]);
}
