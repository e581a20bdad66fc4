import { taskTokenGuard } from 'guardhouse'

/** As many operations as nobody has: `many.0` to `many.9999`, each gives its number. */
for (let number = 0; number < 10_000; number++) taskTokenGuard({ operationType: `many.${number}` })(() => number)
